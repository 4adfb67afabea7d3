import CRopewalkKernels
import Foundation

/// Softmax attention of queries that read few keys each, wherever those lie: only their scores are computed.
///
/// For positions that turn every key in one way and rules that add nothing to scores but how often a key counts.
package struct SparseAttention {
    /// What one query reads.
    package struct Row {
        /// In any order, each once.
        package var keys: [Int32] = []
        /// ln of how often each counts, as many as keys; empty where all count once.
        package var copies: [Float] = []
    }

    /// Fills in the row of a query; it may keep what it needs between queries.
    package typealias Reader = (_ query: Int, _ row: inout Row) -> Void

    let cache: KeyValueCache
    let positions: PositionTables
    let heads: Int
    let rule: ScoreRule
    let scale: Float
    let poolBlock: Int
    let inductionKeys: [Int32]

    package init(
        cache: KeyValueCache, positions: PositionTables, heads: Int, rule: ScoreRule, scale: Float, poolBlock: Int,
        inductionKeys: [Int32]
    ) {
        // The caller asks `suits` first.
        precondition(Self.suits(rule, positions: positions))
        self.cache = cache
        self.positions = positions
        self.heads = heads
        self.rule = rule
        self.scale = scale
        self.poolBlock = poolBlock
        self.inductionKeys = inductionKeys
    }

    package static func suits(_ rule: ScoreRule, positions: PositionTables) -> Bool {
        rule.isPlain && positions.isSimple
    }

    /// - Parameters:
    ///   - tokens: of the chunk, whose keys and values the cache has
    ///   - queries: before rotation, [query of the chunk, head · dimension]
    ///   - context: gets the weighted values, [query of the chunk, head · dimension]
    ///   - reader: makes what reads a head's rows, for one stretch of queries at a time
    package func run(
        _ tokens: Range<Int>, queries: Matrix, context: Matrix, workers: Workers,
        reader: @Sendable (_ head: Int) -> Reader
    ) -> AttentionSummary {
        let results = AttentionResults(
            heads: heads, queries: tokens, keyEnd: tokens.upperBound, poolBlock: poolBlock, selects: false)
        // Whole rows of blocks, so that no two tasks write to the same block.
        let isAligned = tokens.lowerBound % poolBlock == 0
        let stretch = isAligned ? max(1024, poolBlock) / poolBlock * poolBlock : max(1, tokens.count)
        let stretches = (tokens.count + stretch - 1) / stretch
        let keys = workers.map(cache.heads) { cache.keys(0..<tokens.upperBound, head: $0) }
        workers.forEach(stretches * heads) { task in
            let (head, part) = (task % heads, task / heads)
            let rows = part * stretch..<min((part + 1) * stretch, tokens.count)
            let keyHead = head / (heads / cache.heads)
            keys[keyHead].withUnsafeBufferPointer { keys in
                guard let keys = keys.baseAddress else { return }
                let run = SparseHeadRun(
                    attention: self, head: head, keys: keys,
                    values: UnsafePointer(cache.valueTile(head: keyHead, tile: 0)), first: tokens.lowerBound,
                    results: results)
                run.run(rows, queries: queries, context: context, reader: reader(head))
            }
        }
        return results.summary
    }
}

/// One stretch of queries of one head.
private struct SparseHeadRun {
    let attention: SparseAttention
    let head: Int
    /// Turned. [token, dimension]
    let keys: UnsafePointer<Float>
    /// [token, width]
    let values: UnsafePointer<Float>
    /// The first query of the chunk.
    let first: Int
    let results: AttentionResults

    func run(_ rows: Range<Int>, queries: Matrix, context: Matrix, reader: SparseAttention.Reader) {
        let dimension = attention.cache.dimension
        let output = Matrix(rows: 1, columns: attention.cache.width)
        var row = SparseAttention.Row()
        var scores: [Float] = []
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: VisibilityPlan.groupSize) {
            let group = start..<min(start + VisibilityPlan.groupSize, rows.upperBound)
            let turned = TurnedQueries(
                positions: attention.positions, rule: attention.rule, head: head, places: group.map { first + $0 },
                dimension: dimension, scale: attention.scale
            ) { UnsafePointer(queries.row(group.lowerBound + $0) + head * dimension) }
            for chunkRow in group {
                reader(first + chunkRow, &row)
                score(turned.turned[0].row(chunkRow - group.lowerBound), row, into: &scores)
                let target = context.row(chunkRow) + head * dimension
                finish(chunkRow, row, scores: &scores, output: output)
                for i in 0..<dimension { target[i] = output.base[i] }
            }
        }
    }

    private func score(_ query: UnsafePointer<Float>, _ row: SparseAttention.Row, into scores: inout [Float]) {
        if scores.count < row.keys.count { scores = Array(repeating: 0, count: row.keys.count) }
        scores.withUnsafeMutableBufferPointer { scores in
            row.keys.withUnsafeBufferPointer { places in
                guard let scores = scores.baseAddress, let places = places.baseAddress else { return }
                ck_gather_scores(query, keys, attention.cache.dimension, places, row.keys.count, scores)
            }
            for (i, copies) in row.copies.enumerated() { scores[i] += copies }
        }
    }

    /// Turns scores into weights, leaves the measures behind and the weighted values in `output`.
    private func finish(_ chunkRow: Int, _ row: SparseAttention.Row, scores: inout [Float], output: Matrix) {
        let count = row.keys.count
        let query = first + chunkRow
        scores.withUnsafeMutableBufferPointer { scores in
            let highest = scores.prefix(count).reduce(-Float.infinity) { max($0, $1) }
            guard let base = scores.baseAddress, highest > -.infinity else { return nothing(chunkRow, output) }
            let seen = highest + logf(ck_exp_sum(base, count, highest))
            var logSumExp = attention.rule.withSink(seen, head: head)
            var surprise: Float = 0
            var topKey = Int32.max
            for i in 0..<count {
                surprise += expf(scores[i] - logSumExp) * (logSumExp - scores[i])
                if scores[i] == highest { topKey = min(topKey, row.keys[i]) }
            }
            ck_weights(base, 1, count, &logSumExp)
            row.keys.withUnsafeBufferPointer { places in
                guard let places = places.baseAddress else { return }
                ck_gather_values(base, values, attention.cache.width, places, count, output.base)
            }
            results.set(.logSumExp, head: head, row: chunkRow, logSumExp)
            results.set(.entropy, head: head, row: chunkRow, surprise * 1.442695)
            results.set(.topKey, head: head, row: chunkRow, key: Int(topKey))
            measure(chunkRow, query: query, keys: row.keys, weights: scores)
        }
    }

    private func measure(
        _ chunkRow: Int, query: Int, keys: [Int32], weights: UnsafeMutableBufferPointer<Float>
    ) {
        let induction = attention.inductionKeys[chunkRow]
        var (distance, sink, previous, induced): (Float, Float, Float, Float) = (0, 0, 0, 0)
        let place = head * results.poolRows + results.poolRow(ofQuery: query)
        let maxima = results.pooledMaximum.row(place)
        let masses = results.pooledMass.row(place)
        for (i, key) in keys.enumerated() {
            let weight = weights[i]
            distance += weight * Float(query - Int(key))
            if key == 0 { sink = weight }
            if Int(key) == query - 1 { previous = weight }
            if key == induction { induced = weight }
            let block = Int(key) / attention.poolBlock
            maxima[block] = max(maxima[block], weight)
            masses[block] += weight
        }
        results.set(.distance, head: head, row: chunkRow, distance)
        results.set(.sink, head: head, row: chunkRow, sink)
        results.set(.previous, head: head, row: chunkRow, previous)
        results.set(.induction, head: head, row: chunkRow, induced)
    }

    /// A query that reads no key.
    private func nothing(_ chunkRow: Int, _ output: Matrix) {
        output.clear(rows: 1)
        results.set(.logSumExp, head: head, row: chunkRow, .infinity)
        results.set(.topKey, head: head, row: chunkRow, key: -1)
    }
}
