import Foundation
import Testing

@testable import RopewalkKernels

/// A chunk of attention on random states, and the same written out in float64.
struct AttentionCase {
    /// A query and a key before rotation.
    struct Pair {
        let head: Int
        let query: Int
        let key: Int
        let q: [Double]
        let k: [Double]

        var product: Double { zip(q, k).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    var queries = 300
    /// Nil for as many as there are queries.
    var keys: Int?
    var heads = 4
    var keyHeads = 2
    var dimension = 8
    var poolBlock = 64
    var scale: Float = 0.5
    /// Nil where nothing is turned.
    var positions: PositionTables?
    var rule = ScoreRule.plain
    var visibilities = [Visibility.causal]
    var planOfHead: [Int] = []
    /// The score of a pair in float64.
    var score: (Pair) -> Double = { 0.5 * $0.product }

    var keyCount: Int { keys ?? queries }
    var tables: PositionTables { positions ?? .unturned(tokens: max(queries, keyCount)) }
    func visibility(_ head: Int) -> Visibility { visibilities[planOfHead.isEmpty ? 0 : planOfHead[head]] }

    /// `x` turned by an angle a pair of dimensions, in half-split layout; the rest stays.
    static func turned(_ x: [Double], by angles: [Double], length: Double = 1) -> [Double] {
        var result = x
        for (i, angle) in angles.enumerated() {
            let (a, b) = (x[i], x[i + angles.count])
            result[i] = (a * cos(angle) - b * sin(angle)) * length
            result[i + angles.count] = (b * cos(angle) + a * sin(angle)) * length
        }
        return result
    }
}

/// The states of a case, and what the engine makes of them.
struct AttentionTrial {
    let c: AttentionCase
    let queries: Matrix
    let keys: Matrix
    let values: Matrix
    let cache: KeyValueCache
    let context: Matrix
    let induction: [Int32]
    let summary: AttentionSummary

    init(_ c: AttentionCase) {
        self.c = c
        var random = Random(seed: UInt64(c.queries * 31 + c.dimension))
        func states(_ rows: Int, _ heads: Int) -> Matrix {
            let matrix = Matrix(rows: rows, columns: heads * c.dimension)
            for row in 0..<rows { matrix.setRow(row, to: random.floats(matrix.columns)[...]) }
            return matrix
        }
        queries = states(c.queries, c.heads)
        keys = states(c.keyCount, c.keyHeads)
        values = states(c.keyCount, c.keyHeads)
        let workers = Workers(count: 2)
        let tables = c.tables
        cache = KeyValueCache(
            heads: c.keyHeads, dimension: c.dimension, tokens: c.keyCount, slots: tables.keys.count)
        cache.store(
            keys: HeadPacking.tiles(keys, count: c.keyCount, heads: c.keyHeads, workers: workers),
            values: HeadPacking.rows(
                values, count: c.keyCount, heads: c.keyHeads, width: cache.width, workers: workers),
            firstToken: 0, count: c.keyCount, tables: tables.keys, workers: workers)
        context = Matrix(rows: c.queries, columns: c.heads * c.dimension)
        induction = (0..<c.queries).map { Int32($0 % 5 == 0 ? min($0 / 2, c.keyCount - 1) : -1) }
        summary = Attention(
            plans: c.visibilities.map { VisibilityPlan($0, positions: tables, firstQuery: 0, count: c.queries) },
            planOfHead: c.planOfHead, cache: cache, heads: c.heads, rule: c.rule, scale: c.scale,
            poolBlock: c.poolBlock, inductionKeys: induction
        ).run(queries: queries, context: context, workers: workers)
    }

    func keyHead(_ head: Int) -> Int { head / (c.heads / c.keyHeads) }

    private func state(_ matrix: Matrix, _ row: Int, _ head: Int) -> [Double] {
        matrix.copy(rows: row..<row + 1)[head * c.dimension..<(head + 1) * c.dimension].map(Double.init)
    }

    /// Weights of all keys for every query of a head, float64.
    private func reference(_ head: Int) -> [[Double]] {
        let keys = (0..<c.keyCount).map { state(self.keys, $0, keyHead(head)) }
        let visibility = c.visibility(head)
        return (0..<c.queries).map { query in
            let q = state(queries, query, head)
            var allowed = Set(visibility.ranges(of: query, query: query).joined())
            var scores: [Int: Double] = [:]
            for key in allowed {
                scores[key] = c.score(AttentionCase.Pair(head: head, query: query, key: key, q: q, k: keys[key]))
            }
            if let selection = visibility.selection {
                let fixed = Set(selection.fixed[query].joined())
                let best = allowed.subtracting(fixed).sorted {
                    (scores[$0, default: 0], $1) > (scores[$1, default: 0], $0)
                }
                allowed = fixed.union(best.prefix(selection.count))
            }
            let total = allowed.reduce(0.0) { $0 + exp(scores[$1, default: 0]) }
            return (0..<c.keyCount).map { allowed.contains($0) ? exp(scores[$0, default: 0]) / total : 0 }
        }
    }

    /// Compares everything that the run left behind with float64 sums over explicit weights.
    func check(_ name: String = "") {
        for head in 0..<c.heads {
            let weights = reference(head)
            compare(head, weights, name)
            comparePools(head, weights, name)
        }
    }

    private func compare(_ head: Int, _ weights: [[Double]], _ name: String) {
        let found = context.copy(rows: 0..<c.queries)
        let values = (0..<c.keyCount).map { state(self.values, $0, keyHead(head)) }
        var worst: [String: Double] = [:]
        func note(_ what: String, _ found: Float, _ expected: Double) {
            let error = abs(Double(found) - expected)
            worst[what] = max(worst[what] ?? 0, error.isNaN ? .infinity : error)
        }
        for (q, row) in weights.enumerated() {
            let place = head * c.queries + q
            for i in 0..<c.dimension {
                let expected = row.indices.reduce(0.0) { $0 + row[$1] * values[$1][i] }
                note("output", found[q * context.columns + head * c.dimension + i], expected)
            }
            let seen = row.contains { $0 > 0 }
            #expect(seen == summary.logSumExp[place].isFinite, "\(name) \(head), \(q)")
            note("entropy", summary.entropy[place], row.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 })
            let distance = row.enumerated().reduce(0) { $0 + $1.element * Double(q - $1.offset) }
            note("distance", summary.distance[place], distance)
            let top = Int(summary.topKey[place])
            #expect(seen ? row.indices.contains(top) : top == -1, "\(name) \(head), \(q)")
            if seen, row.indices.contains(top) { note("strongest", Float(row[top]), row.max() ?? 0) }
            note("sink", summary.sink[place], row[0])
            note("previous", summary.previous[place], q > 0 && q <= row.count ? row[q - 1] : 0)
            let key = Int(induction[q])
            note("induction", summary.induction[place], key >= 0 ? row[key] : 0)
        }
        // float32 scores and sums of at most 700 products of order 1; entropies and distances are larger numbers.
        let tolerances = [
            "output": 2e-5, "entropy": 2e-4, "distance": 1e-3, "strongest": 1e-6, "sink": 1e-5, "previous": 1e-5,
            "induction": 1e-5,
        ]
        for (what, error) in worst {
            #expect(error <= tolerances[what, default: 0], "\(name) head \(head): \(what) is off by \(error)")
        }
    }

    private func comparePools(_ head: Int, _ weights: [[Double]], _ name: String) {
        #expect(summary.poolRows == (c.queries + c.poolBlock - 1) / c.poolBlock)
        #expect(summary.poolColumns == (c.keyCount + c.poolBlock - 1) / c.poolBlock)
        for blockRow in 0..<summary.poolRows {
            for blockColumn in 0..<summary.poolColumns {
                var highest = 0.0
                var mass = 0.0
                for q in blockRow * c.poolBlock..<min(c.queries, (blockRow + 1) * c.poolBlock) {
                    for k in blockColumn * c.poolBlock..<min(c.keyCount, (blockColumn + 1) * c.poolBlock) {
                        highest = max(highest, weights[q][k])
                        mass += weights[q][k]
                    }
                }
                let place = (head * summary.poolRows + blockRow) * summary.poolColumns + blockColumn
                #expect(abs(Double(summary.pooledMaximum[place]) - highest) < 1e-5, "\(name) head \(head)")
                #expect(abs(Double(summary.pooledMass[place]) - mass) < 1e-4 * max(1, mass), "\(name) head \(head)")
            }
        }
    }
}

/// The same numbers on every machine (xorshift64*).
struct Random {
    var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func float() -> Float {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Float(Int64(bitPattern: state &* 0x2545_F491_4F6C_DD1D) >> 40) / Float(1 << 22)
    }

    mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }
}
