import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// How far the attention of every head has moved between two recordings of the same tokens.
package struct HeadGrid: Equatable, Sendable {
    package enum Measure: String, CaseIterable, Hashable, Sendable {
        case kl, js, tv, recall, kept, output

        /// Whether heads that have not moved have the highest value, not the lowest.
        package var isOfSameness: Bool { self == .recall || self == .kept }
    }

    package let layers: Int
    package let heads: Int
    /// Queries that were looked at, evenly spread over the text.
    package let queries: Int
    /// Means over the queries; NaN where a head could not be answered. [layer · heads + head]
    private let means: [Measure: [Double]]
    /// What one query in twenty goes beyond: the 95th percentile, or the 5th where less is worse.
    private let tails: [Measure: [Double]]

    package func means(_ measure: Measure) -> [Double] { means[measure] ?? [] }
    package func tails(_ measure: Measure) -> [Double] { tails[measure] ?? [] }

    /// One of the two recordings that are compared, with the model that made it.
    package struct Side: Sendable {
        let model: Model
        let recording: Recording

        package init(model: Model, recording: Recording) {
            self.model = model
            self.recording = recording
        }
    }

    /// - Parameters:
    ///   - base: what is compared with
    ///   - changed: of the same tokens, in a model of as many layers and heads
    ///   - progress: gets the heads that are done and says whether to go on
    /// - Returns: nil where the two do not have the same tokens and heads, or `progress` said no
    package init?(
        _ base: Side, _ changed: Side, queries count: Int = 128, threads: Int = 0,
        progress: (Int) -> Bool = { _ in true }
    ) {
        let (a, b) = (base.recording, changed.recording)
        guard a.ids == b.ids, a.keyIDs == b.keyIDs, a.kind == b.kind, a.shape.layers == b.shape.layers,
            a.shape.heads == b.shape.heads, min(a.tokens, b.tokens) > 0
        else { return nil }
        (layers, heads) = (a.shape.layers, a.shape.heads)
        let places = Self.queries(min(a.tokens, b.tokens), count: count)
        queries = places.count
        let pair = HeadPair(base, changed, queries: places, threads: threads)
        var means: [Measure: [Double]] = [:]
        var tails: [Measure: [Double]] = [:]
        for index in 0..<layers * heads {
            guard progress(index) else { return nil }
            let values = pair.values(layer: index / heads, head: index % heads)
            for measure in Measure.allCases {
                means[measure, default: []].append(Self.mean(values[measure] ?? []))
                tails[measure, default: []].append(Self.tail(values[measure] ?? [], of: measure))
            }
        }
        self.means = means
        self.tails = tails
    }

    /// The middle of each stretch of a text.
    static func queries(_ tokens: Int, count: Int) -> [Int] {
        let count = max(1, min(count, tokens))
        return (0..<count).map { ($0 * 2 + 1) * tokens / (2 * count) }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    private static func tail(_ values: [Double], of measure: Measure) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let place = sorted.count / 20
        return measure.isOfSameness ? sorted[place] : sorted[sorted.count - 1 - place]
    }
}

/// The same heads of two recordings.
private struct HeadPair {
    private let base: (model: Model, lens: Lens)
    private let changed: (model: Model, lens: Lens)
    private let queries: [Int]
    private let threads: Int

    /// Rows of scores that are in memory at once.
    private static let slab = 32

    init(_ base: HeadGrid.Side, _ changed: HeadGrid.Side, queries: [Int], threads: Int) {
        self.base = (base.model, Lens(recording: base.recording, threads: threads))
        self.changed = (changed.model, Lens(recording: changed.recording, threads: threads))
        self.queries = queries
        self.threads = threads
    }

    /// A number a query for each measure; empty where a head cannot be answered.
    func values(layer: Int, head: Int) -> [HeadGrid.Measure: [Double]] {
        var values: [HeadGrid.Measure: [Double]] = [:]
        for start in stride(from: 0, to: queries.count, by: Self.slab) {
            let part = Array(queries[start..<min(start + Self.slab, queries.count)])
            guard let p = FullRows(base.lens, layer: layer, head: head, queries: part),
                let q = FullRows(changed.lens, layer: layer, head: head, queries: part)
            else { return [:] }
            for distance in distances(p, q) {
                values[.kl, default: []].append(distance.divergence)
                values[.js, default: []].append(distance.jensenShannon)
                values[.tv, default: []].append(distance.variation)
                values[.recall, default: []].append(distance.recall)
                values[.kept, default: []].append(distance.massKept)
            }
            values[.output, default: []] += outputErrors(p, q, layer: layer, head: head)
        }
        return values
    }

    private func distances(_ p: FullRows, _ q: FullRows) -> [RowDistance] {
        base.lens.workers.map(p.queries.count) { row in
            let end = base.lens.keyEnd(p.queries[row])
            let (first, second) = (
                p.weights.copy(row: row, columns: 0..<end), q.weights.copy(row: row, columns: 0..<end)
            )
            return RowDistance(first, second, rest: (rest(first, base.lens), rest(second, changed.lens)))
        }
    }

    /// What a learned sink has of a row.
    private func rest(_ row: [Float], _ lens: Lens) -> Double {
        guard lens.setup.layerTraits.contains(where: { $0.sinks != nil }) else { return 0 }
        return max(0, 1 - row.reduce(0) { $0 + Double($1) })
    }

    /// |changed − base| / |base| of what the head adds, after the output projection.
    private func outputErrors(_ p: FullRows, _ q: FullRows, layer: Int, head: Int) -> [Double] {
        let first = outputs(p, base, layer: layer, head: head)
        let second = outputs(q, changed, layer: layer, head: head)
        return zip(first, second).map { a, b in
            let norm = a.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            let difference = zip(a, b).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }.squareRoot()
            return norm > 0 ? difference / norm : difference > 0 ? .infinity : 0
        }
    }

    private func outputs(
        _ rows: FullRows, _ side: (model: Model, lens: Lens), layer: Int, head: Int
    ) -> [[Float]] {
        let isLeftOut = side.lens.setup.headsLeftOut(layer).contains(head)
        let own = rows.queries.indices.map { row in
            isLeftOut
                ? [Float](repeating: 0, count: side.lens.shape.headDimension)
                : side.lens.output(rows, row: row, layer: layer, head: head)
        }
        return side.model.projected(own, layer: layer, head: head, of: side.lens.recording.kind, threads: threads) ?? []
    }
}
