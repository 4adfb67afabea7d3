import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// How hashing comes to the keys of one query in one head.
package struct LSHReading: Equatable, Sendable {
    package let query: Int
    package let tokens: Int
    /// Buckets of a round.
    package let buckets: Int
    /// Tokens of a chunk; nil where whole buckets are read.
    package let chunk: Int?
    package let rounds: [Round]
    /// How many of the keys with the highest weights are asked for.
    package let top: Int
    /// By how many rounds, from 1 on.
    package let recalls: [Recall]
    /// Buckets of the last tokens up to the query, whose own is the last one. [round][token]
    package let recent: [[Int]]
    /// What the query reads.
    package let keys: KeyRanges

    /// What one round does.
    package struct Round: Equatable, Sendable {
        /// The query's.
        package let bucket: Int
        /// Earlier tokens whose keys are in it.
        package let inBucket: Int
        /// The chunks that it reads, its own last; one for a whole round without chunks.
        package let chunks: [Chunk]
        /// Earlier keys that the round finds.
        package let keys: Int
        /// ln Σ exp of their scores; −∞ where there are none.
        package let logSumExp: Float
        /// Of the query's weights, what this round gives where each has a softmax of its own.
        package let share: Float
    }

    /// A stretch of what is sorted by buckets.
    package struct Chunk: Equatable, Sendable {
        /// Counted over all rounds.
        package let index: Int
        /// In their order, with the bucket of each.
        package let members: [(token: Int, bucket: Int)]

        package static func == (a: Chunk, b: Chunk) -> Bool {
            a.index == b.index && a.members.elementsEqual(b.members) { $0 == $1 }
        }
    }

    /// What the first rounds find of what full attention reads.
    package struct Recall: Equatable, Sendable {
        /// Share of the keys with the highest weights, of this query.
        package let own: Float
        /// Share of full attention's weights on what is found, of this query.
        package let kept: Float
        /// The same shares, means of some queries of the head.
        package let meanOwn: Float
        package let meanKept: Float
    }
}

/// What hashing costs a head, counted.
package struct LSHCounts: Equatable, Sendable {
    /// Pairs that are scored, and those that full attention scores.
    package let pairs: Int
    package let fullPairs: Int
}

extension Lens {
    /// All buckets of a head; nil where the scenario hashes nothing or the head is not recorded.
    package func sortedBuckets(layer: Int, head: Int) -> SortedBuckets? {
        guard has(layer: layer, head: head, token: 0) else { return nil }
        if choices == nil, let recorded = recording.sortedBuckets(layer: layer, head: head) { return recorded }
        return replay?.sortedBuckets(layer: layer, head: head)
    }

    /// How the hashing of a head comes to a query's keys; nil without hashing, and where the query is not recorded.
    /// - Parameters:
    ///   - top: keys with the highest weights of full attention that are looked for
    ///   - surveyed: queries that the means are of, evenly spread
    package func lshReading(layer: Int, head: Int, query: Int, top: Int = 16, surveyed: Int = 32) -> LSHReading? {
        guard has(layer: layer, head: head, token: query), let table = sortedBuckets(layer: layer, head: head) else {
            return nil
        }
        let count = min(max(1, surveyed), recording.tokens)
        // The middle of each stretch: the very first queries find all there is.
        let queries = (0..<count).map { ($0 * 2 + 1) * recording.tokens / (2 * count) }
        guard let full = fullRows(layer: layer, head: head, queries: [query] + queries) else { return nil }
        let recalls = full.map { Self.recalls(table, $0, top: top) }
        let chosen = table.choice(for: query).keys
        return LSHReading(
            query: query, tokens: table.tokens, buckets: table.method.bucketCount,
            chunk: hasChunks(layer) ? table.method.chunk : nil, rounds: rounds(table, full[0]),
            top: top,
            recalls: (0..<table.rounds).map { round in
                LSHReading.Recall(
                    own: recalls[0][round].own, kept: recalls[0][round].kept,
                    meanOwn: recalls.dropFirst().reduce(0) { $0 + $1[round].own } / Float(count),
                    meanKept: recalls.dropFirst().reduce(0) { $0 + $1[round].kept } / Float(count))
            },
            recent: table.queryBuckets.map { $0[max(0, query + 1 - Self.strip)..<query + 1].map(Int.init) },
            keys: chosen)
    }

    /// Tokens whose buckets are shown beside each other, at most.
    private static let strip = 512

    private func hasChunks(_ layer: Int) -> Bool { setup.stateSelection(layer)?.readsAhead ?? false }

    /// A query's scores and weights before anything is chosen.
    private struct FullRow {
        let query: Int
        let scores: [Float]
        let weights: [Float]
    }

    /// Without what the selection leaves out, but for the query's own key where it counts only if there is no other.
    private func fullRows(layer: Int, head: Int, queries: [Int]) -> [FullRow]? {
        guard let last = queries.max() else { return nil }
        let leavesOutOwn = (setup.stateSelection(layer) as? LSHAttention)?.window == 0
        let tiles = recording.keyTiles(
            layer: layer, keyValueHead: keyValueHead(of: head), tokens: 0..<keyEnd(last))
        let scores = scoreRows(layer: layer, head: head, queries: queries, rule: setup.rules[layer]).scores(
            with: tiles, compressed: compressedTiles(layer: layer, head: head), workers: workers)
        return queries.enumerated().map { row, query in
            var own = setup.visibleKeys(query: query, windows: setup.windows(layer: layer, head: head))
            if leavesOutOwn, query > 0 { own = own.intersection(0..<query) }
            scores.hide(row: row, outside: own.ranges)
            let plain = scores.copy(row: row, columns: 0..<query + 1)
            scores.weigh(row: row, logSumExp: scores.logSumExp(row: row))
            return FullRow(
                query: query, scores: plain, weights: scores.copy(row: row, columns: 0..<query + 1))
        }
    }

    private func rounds(_ table: SortedBuckets, _ row: FullRow) -> [LSHReading.Round] {
        let query = row.query
        let found = (0..<table.rounds).map { table.keys(of: query, round: $0) }
        let sums = found.map { keys -> Float in
            let highest = keys.reduce(-Float.infinity) { max($0, row.scores[$1]) }
            guard highest > -.infinity else { return -.infinity }
            return highest + logf(keys.reduce(Float(0)) { $0 + expFloat(row.scores[$1] - highest) })
        }
        let highest = sums.max() ?? -.infinity
        let all = sums.reduce(Float(0)) { highest > -.infinity ? $0 + expFloat($1 - highest) : $0 }
        return (0..<table.rounds).map { round in
            let bucket = table.queryBuckets[round][query]
            let own = table.chunk(of: query, round: round)
            return LSHReading.Round(
                bucket: Int(bucket),
                inBucket: table.keyBuckets[round].prefix(query).count { $0 == bucket },
                chunks: table.chunksRead(by: own).map { chunk in
                    LSHReading.Chunk(
                        index: chunk,
                        members: table.members(ofChunk: chunk, keys: true).map {
                            ($0, Int(table.keyBuckets[chunk / table.chunksOfRound][$0]))
                        })
                }, keys: found[round].count, logSumExp: sums[round],
                share: all > 0 ? expFloat(sums[round] - highest) / all : 0)
        }
    }

    /// By how many rounds, from 1 on.
    private static func recalls(
        _ table: SortedBuckets, _ row: FullRow, top: Int
    ) -> [(own: Float, kept: Float)] {
        let query = row.query
        let highest = TopTokens.highest(top, in: row.weights, firstIndex: 0).map(\.token)
        var isFound = [Bool](repeating: false, count: query + 1)
        let window = table.method.window
        for key in max(0, query + 1 - window)..<query + 1 { isFound[key] = true }
        return (0..<table.rounds).map { round in
            for key in table.keys(of: query, round: round) { isFound[key] = true }
            // A query that finds nothing reads itself.
            if window == 0, !isFound.contains(true) { isFound[query] = true }
            let hits = highest.count { isFound[$0] }
            let kept = isFound.indices.reduce(Float(0)) { isFound[$1] ? $0 + row.weights[$1] : $0 }
            return (highest.isEmpty ? 1 : Float(hits) / Float(highest.count), min(1, kept))
        }
    }

    /// Pairs that a head scores by its buckets, and those of full attention; nil without hashing.
    package func lshCounts(layer: Int, head: Int) -> LSHCounts? {
        guard let table = sortedBuckets(layer: layer, head: head) else { return nil }
        var tally = KeyTally(tokens: table.tokens)
        let pairs = (0..<table.tokens).reduce(0) { sum, query in
            table.tally(query, into: &tally)
            return sum + tally.keys.count
        }
        return LSHCounts(pairs: pairs, fullPairs: table.tokens * (table.tokens + 1) / 2)
    }
}
