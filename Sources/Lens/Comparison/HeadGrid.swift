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

        /// What the numbers are.
        package var meaning: String {
            switch self {
            case .kl: "KL, nats (weights under 1e−12 count as that)"
            case .js: "Jensen-Shannon, share of ln 2"
            case .tv: "total variation, the weight that has moved"
            case .recall: "share of the 8 strongest keys that still are"
            case .kept: "weight that the 8 strongest keys of the changed row had"
            case .output: "change of what the head adds, by its length"
            }
        }
    }

    package let layers: Int
    package let heads: Int
    /// Queries that were looked at, evenly spread over the text.
    package let queries: Int
    /// Means over the queries, of the heads that are done; NaN where one could not be answered. [layer · heads + head]
    private var means: [Measure: [Double]] = [:]
    /// What one query in twenty goes beyond: the 95th percentile, or the 5th where less is worse.
    private var tails: [Measure: [Double]] = [:]

    /// Heads that are done.
    package private(set) var known = 0
    package var isComplete: Bool { known == layers * heads }

    /// NaN where a head is not done yet. [layer · heads + head]
    package func means(_ measure: Measure) -> [Double] { filled(means[measure]) }
    package func tails(_ measure: Measure) -> [Double] { filled(tails[measure]) }

    private func filled(_ values: [Double]?) -> [Double] {
        let values = values ?? []
        return values + Array(repeating: .nan, count: max(0, layers * heads - values.count))
    }

    /// One of the two that are compared: a recording under a scenario, with the model that made it.
    package struct Side: Sendable {
        let model: Model
        let lens: Lens

        package init(model: Model, lens: Lens) {
            self.model = model
            self.lens = lens
        }

        package init(model: Model, recording: Recording, threads: Int = 0) {
            self.init(model: model, lens: Lens(recording: recording, threads: threads))
        }
    }

    /// All heads at once.
    /// - Parameters:
    ///   - base: what is compared with
    ///   - changed: of the same tokens, in a model of as many layers and heads
    ///   - progress: gets the heads that are done and says whether to go on
    /// - Returns: nil where the two do not have the same tokens and heads, or `progress` said no
    package init?(_ base: Side, _ changed: Side, queries count: Int = 128, progress: (Int) -> Bool = { _ in true }) {
        guard var walk = HeadGridWalk(base, changed, queries: count) else { return nil }
        while !walk.grid.isComplete {
            guard progress(walk.grid.known) else { return nil }
            walk.next()
        }
        self = walk.grid
    }

    init(layers: Int, heads: Int, queries: Int) {
        self.layers = layers
        self.heads = heads
        self.queries = queries
    }

    /// Adds the numbers of the next head, one a query for each measure.
    mutating func append(_ values: [Measure: [Double]]) {
        for measure in Measure.allCases {
            means[measure, default: []].append(Self.mean(values[measure] ?? []))
            tails[measure, default: []].append(Self.tail(values[measure] ?? [], of: measure))
        }
        known += 1
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

/// A grid on its way, head by head.
package struct HeadGridWalk: Sendable {
    package private(set) var grid: HeadGrid
    private let pair: HeadPair

    /// Nil where the two do not have the same tokens and heads.
    package init?(_ base: HeadGrid.Side, _ changed: HeadGrid.Side, queries count: Int) {
        let (a, b) = (base.lens.recording, changed.lens.recording)
        let tokens = min(a.tokens, b.tokens)
        guard tokens > 0, a.kind == b.kind, a.shape.layers == b.shape.layers, a.shape.heads == b.shape.heads,
            a.ids.prefix(tokens) == b.ids.prefix(tokens), a.kind == .decoder || a.keyIDs == b.keyIDs
        else { return nil }
        let queries = HeadGrid.queries(tokens, count: count)
        grid = HeadGrid(layers: a.shape.layers, heads: a.shape.heads, queries: queries.count)
        pair = HeadPair(base: base, changed: changed, queries: queries)
    }

    package mutating func next() {
        guard !grid.isComplete else { return }
        grid.append(pair.values(layer: grid.known / grid.heads, head: grid.known % grid.heads))
    }
}

/// The same heads of two recordings.
private struct HeadPair: Sendable {
    let base: HeadGrid.Side
    let changed: HeadGrid.Side
    let queries: [Int]

    /// Rows of scores that are in memory at once.
    private static let slab = 32

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
        _ rows: FullRows, _ side: HeadGrid.Side, layer: Int, head: Int
    ) -> [[Float]] {
        let isLeftOut = side.lens.setup.headsLeftOut(layer).contains(head)
        let own = rows.queries.indices.map { row in
            isLeftOut
                ? [Float](repeating: 0, count: side.lens.shape.headDimension)
                : side.lens.output(rows, row: row, layer: layer, head: head)
        }
        return side.model.projected(
            own, layer: layer, head: head, of: side.lens.recording.kind, threads: side.lens.workers.count)
            ?? []
    }
}
