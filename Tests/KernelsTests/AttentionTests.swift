import Foundation
import Kernels
import Testing

/// The tiles against softmax attention written out.
struct AttentionTests {
    struct Case: CustomTestStringConvertible {
        let tokens: Int
        let heads: Int
        let keyHeads: Int
        let dimension: Int
        let poolBlock: Int
        var testDescription: String {
            "\(tokens) tokens, \(heads)/\(keyHeads) heads of \(dimension), block \(poolBlock)"
        }
    }

    static let cases = [
        Case(tokens: 1, heads: 1, keyHeads: 1, dimension: 2, poolBlock: 16),
        Case(tokens: 37, heads: 2, keyHeads: 1, dimension: 10, poolBlock: 16),
        Case(tokens: 300, heads: 4, keyHeads: 2, dimension: 32, poolBlock: 32),
        Case(tokens: 700, heads: 2, keyHeads: 2, dimension: 24, poolBlock: 512),
    ]

    @Test(arguments: cases) func causalAttentionIsExact(c: Case) { check(c, visibility: .causal) }

    @Test(arguments: cases) func rangesHideKeys(c: Case) {
        let ranges = (0..<c.tokens).map { q in
            q < 40 ? [0..<q + 1] : [0..<3, (q - 20)..<(q % 7 == 0 ? q - 5 : q + 1)]
        }
        check(c, visibility: Visibility(ranges: ranges))
    }

    @Test(arguments: cases) func aQueryThatSeesNothingGetsZero(c: Case) {
        check(c, visibility: Visibility(ranges: (0..<c.tokens).map { $0 % 3 == 0 ? [] : [0..<$0 + 1] }))
    }

    @Test(arguments: cases) func selectionKeepsTheHighestScores(c: Case) {
        let fixed = (0..<c.tokens).map { [max(0, $0 - 3)..<$0 + 1] }
        check(c, visibility: Visibility(selection: .init(fixed: fixed, count: 5)))
    }

    /// Runs all tokens in chunks and compares every output with float64 sums over explicit weights.
    func check(_ c: Case, visibility: Visibility) {
        var random = Random(seed: UInt64(c.tokens * 31 + c.dimension))
        let queries = Matrix(rows: c.tokens, columns: c.heads * c.dimension)
        let keys = Matrix(rows: c.tokens, columns: c.keyHeads * c.dimension)
        let values = Matrix(rows: c.tokens, columns: c.keyHeads * c.dimension)
        for row in 0..<c.tokens {
            queries.setRow(row, to: random.floats(queries.columns)[...])
            keys.setRow(row, to: random.floats(keys.columns)[...])
            values.setRow(row, to: random.floats(values.columns)[...])
        }
        let plain = RotaryTable(
            frequencies: Array(repeating: 0, count: c.dimension / 2), positions: c.tokens)
        let cache = KeyValueCache(heads: c.keyHeads, dimension: c.dimension, tokens: c.tokens)
        let workers = Workers(count: 2)
        cache.store(
            keys: HeadPacking.tiles(keys, count: c.tokens, heads: c.keyHeads, workers: workers),
            values: HeadPacking.rows(values, count: c.tokens, heads: c.keyHeads, width: cache.width, workers: workers),
            firstToken: 0, count: c.tokens, table: plain, workers: workers)
        let context = Matrix(rows: c.tokens, columns: c.heads * c.dimension)
        let induction = (0..<c.tokens).map { Int32($0 % 5 == 0 ? $0 / 2 : -1) }
        let summary = Attention(
            plan: VisibilityPlan(visibility, firstQuery: 0, count: c.tokens), cache: cache, heads: c.heads,
            poolBlock: c.poolBlock, inductionKeys: induction
        ).run(queries: queries, context: context, workers: workers)

        for head in 0..<c.heads {
            let weights = (0..<c.tokens).map { q in
                reference(c, query: q, head: head, queries: queries, keys: keys, visibility: visibility)
            }
            compare(c, head, weights, values, context, summary, induction)
            comparePools(c, head, weights, summary)
        }
    }

    /// Weights of all tokens for one query, float64.
    func reference(
        _ c: Case, query: Int, head: Int, queries: Matrix, keys: Matrix, visibility: Visibility
    ) -> [Double] {
        let q = queries.copy(rows: query..<query + 1)[head * c.dimension..<(head + 1) * c.dimension].map(Double.init)
        let keyHead = head / (c.heads / c.keyHeads)
        let scores = (0...query).map { key in
            let k = keys.copy(rows: key..<key + 1)[keyHead * c.dimension..<(keyHead + 1) * c.dimension]
            return zip(q, k).reduce(0.0) { $0 + $1.0 * Double($1.1) }
        }
        var allowed = Set((visibility.ranges?[query] ?? [0..<query + 1]).joined())
        if let selection = visibility.selection {
            let fixed = Set(selection.fixed[query].joined())
            let best = allowed.subtracting(fixed).sorted { (scores[$0], $1) > (scores[$1], $0) }
            allowed = fixed.union(best.prefix(selection.count))
        }
        let total = allowed.reduce(0.0) { $0 + exp(scores[$1]) }
        return (0..<c.tokens).map { allowed.contains($0) ? exp(scores[$0]) / total : 0 }
    }

    func compare(
        _ c: Case, _ head: Int, _ weights: [[Double]], _ values: Matrix, _ context: Matrix,
        _ summary: AttentionSummary, _ induction: [Int32]
    ) {
        let keyHead = head / (c.heads / c.keyHeads)
        let allValues = values.copy(rows: 0..<c.tokens)
        for q in 0..<c.tokens {
            let row = weights[q]
            let place = head * c.tokens + q
            let found = context.copy(rows: q..<q + 1)
            for i in 0..<c.dimension {
                let expected = (0..<c.tokens).reduce(0.0) {
                    $0 + row[$1] * Double(allValues[$1 * values.columns + keyHead * c.dimension + i])
                }
                // float32 sums of at most 700 products of order 1.
                #expect(abs(Double(found[head * c.dimension + i]) - expected) < 2e-5)
            }
            let seen = row.contains { $0 > 0 }
            #expect(seen == summary.logSumExp[place].isFinite)
            let entropy = row.reduce(0.0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
            #expect(abs(Double(summary.entropy[place]) - entropy) < 2e-4)
            if seen {
                let distance = row.enumerated().reduce(0.0) { $0 + $1.element * Double(q - $1.offset) }
                #expect(abs(Double(summary.distance[place]) - distance) < 1e-3)
                #expect(row[Int(summary.topKey[place])] >= (row.max() ?? 0) - 1e-6)
            } else {
                #expect(summary.topKey[place] == -1)
            }
            #expect(abs(Double(summary.sink[place]) - row[0]) < 1e-5)
            #expect(abs(Double(summary.previous[place]) - (q > 0 ? row[q - 1] : 0)) < 1e-5)
            let key = Int(induction[q])
            #expect(abs(Double(summary.induction[place]) - (key >= 0 ? row[key] : 0)) < 1e-5)
        }
    }

    func comparePools(_ c: Case, _ head: Int, _ weights: [[Double]], _ summary: AttentionSummary) {
        for blockRow in 0..<summary.poolRows {
            for blockColumn in 0..<summary.poolColumns {
                var highest = 0.0
                var mass = 0.0
                for q in blockRow * c.poolBlock..<min(c.tokens, (blockRow + 1) * c.poolBlock) {
                    for k in blockColumn * c.poolBlock..<min(c.tokens, (blockColumn + 1) * c.poolBlock) {
                        highest = max(highest, weights[q][k])
                        mass += weights[q][k]
                    }
                }
                let place = (head * summary.poolRows + blockRow) * summary.poolColumns + blockColumn
                #expect(abs(Double(summary.pooledMaximum[place]) - highest) < 1e-5)
                #expect(abs(Double(summary.pooledMass[place]) - mass) < 1e-4 * max(1, mass))
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
