import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// What a method changes on a text, measured on a run with it beside one without.
package struct ScenarioMeasures: Equatable, Sendable {
    /// Pairs that queries see, as a share of those that the model alone would show them.
    package let density: Double
    /// Share of full attention (on the states of the run) that falls on visible keys, over all heads.
    package let massKept: Spread
    /// |output − output of full attention| / |output of full attention|, on the states of the run, for every layer: the
    /// root of the mean square over heads and queries.
    package let outputErrors: [Double]
    /// KL(without ‖ with) of the distributions of the next token, mean over queries, nats.
    package let divergence: Double?
    /// Queries that were measured, evenly spread over the text.
    package let queries: Int

    /// Mean, 5th percentile and lowest of some numbers.
    package struct Spread: Equatable, Sendable {
        package let mean: Double
        package let fifthPercentile: Double
        package let worst: Double

        init(_ values: [Double]) {
            let sorted = values.sorted()
            mean = values.isEmpty ? 1 : values.reduce(0, +) / Double(values.count)
            fifthPercentile = sorted.isEmpty ? 1 : sorted[min(sorted.count - 1, sorted.count / 20)]
            worst = sorted.first ?? 1
        }
    }

    /// - Parameters:
    ///   - recording: of a run with the method
    ///   - reference: of a run without it over the same tokens; nil where the divergence is not wanted
    ///   - queries: how many to measure
    package init(
        _ recording: Recording, reference: Recording?, model: Model, queries count: Int = 128, threads: Int = 0
    ) {
        let lens = Lens(recording: recording, threads: threads)
        self.init(lens, queries: count) { queries in
            reference.flatMap { Self.divergence(of: recording, from: $0, model: model, queries: queries) }
        }
    }

    /// The same without any weights: what a scenario changes on the states of a recording, so that nothing is known of
    /// predictions. Heads that are not recorded are left out; errors of layers without any are NaN.
    /// - Parameter queries: how many to measure
    package init(_ lens: Lens, queries count: Int = 128) {
        self.init(lens, queries: count) { _ in nil }
    }

    private init(_ lens: Lens, queries count: Int, divergence: ([Int]) -> Double?) {
        let recording = lens.recording
        let tokens = recording.tokens
        let count = max(1, min(count, tokens))
        // The middle of each stretch: the first queries see next to nothing under any mask.
        let queries = (0..<count).map { ($0 * 2 + 1) * tokens / (2 * count) }
        var kept: [Double] = []
        var errors: [Double] = []
        var seen = 0
        var shown = 0
        for layer in 0..<recording.shape.layers {
            var squares = 0.0
            var measured = 0
            for head in 0..<recording.shape.heads {
                for slab in stride(from: 0, to: count, by: Self.slab) {
                    let part = Array(queries[slab..<min(slab + Self.slab, count)])
                    guard let rows = lens.comparedRows(layer: layer, head: head, queries: part) else { continue }
                    kept += rows.map(\.massKept)
                    measured += rows.count
                    squares += rows.reduce(0) { $0 + $1.outputError * $1.outputError }
                    seen += rows.reduce(0) { $0 + $1.seen }
                    shown += rows.reduce(0) { $0 + $1.shown }
                }
            }
            // A layer without attention changes nothing of it; of one that is not recorded nothing is known.
            let isKnown = measured > 0 || recording.recordedHeads == nil
            errors.append(isKnown ? (squares / Double(max(1, measured))).squareRoot() : .nan)
        }
        density = shown > 0 ? Double(seen) / Double(shown) : 1
        massKept = Spread(kept)
        outputErrors = errors
        self.divergence = divergence(queries)
        self.queries = count
    }

    /// Rows of scores that are in memory at once.
    private static let slab = 32

    private static func divergence(
        of recording: Recording, from reference: Recording, model: Model, queries: [Int]
    ) -> Double? {
        guard model.hasHead, recording.isCausal else { return nil }
        let values = queries.compactMap { query -> Double? in
            guard let p = model.logits(after: query, in: reference), let q = model.logits(after: query, in: recording)
            else { return nil }
            return divergence(p, q)
        }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Σ p · (ln p − ln q) of two rows of logits, nats.
    static func divergence(_ p: [Float], _ q: [Float]) -> Double {
        func logProbabilities(_ x: [Float]) -> [Double] {
            let highest = Double(x.max() ?? 0)
            let sum = x.reduce(0) { $0 + exp(Double($1) - highest) }
            return x.map { Double($0) - highest - log(sum) }
        }
        return max(0, zip(logProbabilities(p), logProbabilities(q)).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) })
    }
}

extension Lens {
    /// What a query keeps and loses of full attention on the same states.
    struct ComparedRow {
        let massKept: Double
        let outputError: Double
        /// Keys that the query sees, and that the model alone would show it.
        let seen: Int
        let shown: Int
    }

    /// Some queries of a head under the scenario beside full attention with the same positions; nil where one cannot
    /// be answered.
    func comparedRows(layer: Int, head: Int, queries: [Int]) -> [ComparedRow]? {
        let full = with(Scenario(position: scenario.position))
        guard let rows = FullRows(self, layer: layer, head: head, queries: queries),
            let fullRows = FullRows(full, layer: layer, head: head, queries: queries)
        else { return nil }
        return workers.map(queries.count) { row in
            let query = queries[row]
            let masked = output(rows, row: row, layer: layer, head: head)
            let reference = full.output(fullRows, row: row, layer: layer, head: head)
            let norm = reference.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            let difference = zip(masked, reference).reduce(0) {
                $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
            }.squareRoot()
            return ComparedRow(
                massKept: Double(rows.massKept(row)), outputError: norm > 0 ? difference / norm : 0,
                seen: seenCount(query, layer: layer, head: head),
                shown: setup.ownKeys(query: query, layer: layer).intersection(0..<keyEnd(query)).count)
        }
    }

    /// How many keys a query sees.
    func seenCount(_ query: Int, layer: Int, head: Int) -> Int {
        let placed = visibleKeys(query, layer: layer, head: head)
        guard let selection = scenario.selection else { return placed.count }
        return min(placed.count, fixedKeys(query, visible: placed).count + selection.selectedCount)
    }
}
