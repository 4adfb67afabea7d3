import Foundation
import RopewalkMethods
import Testing

/// Chunks of what is sorted by buckets, against a worked example of 16 tokens in 2 rounds of 4 buckets and chunks of 4.
struct SortedBucketsTests {
    private struct Example {
        let vectors: ReferenceVectors
        let qk: [[Double]]
        let values: [[Double]]
        let buckets: [[Int32]]

        init() throws {
            vectors = try ReferenceVectors("lsh")
            qk = try vectors.value("reformer_lsh_16", "inputs.qk", section: "numeric")
            values = try vectors.value("reformer_lsh_16", "inputs.v", section: "numeric")
            let found: [[Int]] = try vectors.value(
                "reformer_lsh_16", "outputs.buckets_per_round", section: "numeric")
            buckets = found.map { $0.map(Int32.init) }
        }

        func output<T>(_ name: String, of id: String = "reformer_lsh_16") throws -> T {
            try vectors.value(id, "outputs.\(name)", section: "numeric")
        }

        func table(across: Bool = true, form: LSHAttention.Form = .rounds) -> SortedBuckets {
            var method = LSHAttention(rounds: 2, buckets: 4, window: 0)
            method.chunk = 4
            method.readsAcross = across
            method.isShared = true
            method.form = form
            return SortedBuckets(method: method, queries: buckets, keys: nil)
        }

        /// q · k / |k|, a token's query being its key.
        func score(_ query: Int, _ key: Int) -> Double {
            let k = qk[key]
            let length = k.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return zip(qk[query], k).reduce(0) { $0 + $1.0 * $1.1 } / length
        }

        /// ln Σ exp over what one round finds, the query's own key at −100,000 in any case.
        func logSumExp(_ table: SortedBuckets, query: Int, round: Int) -> Double {
            let scores = table.keys(of: query, round: round).map { score(query, $0) }
            guard let highest = scores.max() else { return -1e5 }
            return highest + log(scores.reduce(0) { $0 + exp($1 - highest) })
        }

        /// What a table's keys weigh, each as often as it counts. [query, key]
        func attention(_ table: SortedBuckets) -> [[Double]] {
            (0..<16).map { query in
                let choice = table.choice(for: query)
                var weights = [Double](repeating: 0, count: 16)
                for key in choice.keys.ranges.joined() {
                    let copies = choice.copies.first { $0.keys.contains(key) }?.count ?? 1
                    weights[key] = Double(copies) * exp(score(query, key))
                }
                let sum = weights.reduce(0, +)
                return weights.map { $0 / sum }
            }
        }
    }

    @Test func tokensAreSortedAndCutIntoChunks() throws {
        let example = try Example()
        let table = example.table()
        let sorted: [Int] = try example.output("sorted_positions")
        #expect(table.queryOrder.map(Int.init) == sorted)
        let queries: [[Int]] = try example.output("chunk_queries")
        #expect((0..<8).map { table.members(ofChunk: $0, keys: false) } == queries)
        let keys: [[Int]] = try example.output("chunk_keys_previous_then_own")
        #expect(
            (0..<8).map { chunk in
                table.chunksRead(by: chunk).flatMap { table.members(ofChunk: $0, keys: true) }
            } == keys)
        let places: [Int] = try example.output("undo_sort")
        for round in 0..<2 {
            for query in 0..<16 {
                #expect(table.chunk(of: query, round: round) == places[round * 16 + query] / 4)
            }
        }
    }

    /// The published masks have the query's own key everywhere, whether it counts or not.
    @Test func whatRoundsAndTheirUnionReach() throws {
        let example = try Example()
        let table = example.table()
        for (id, rounds) in [("reformer_round0_16", [0]), ("reformer_round1_16", [1]), ("reformer_union_16", [0, 1])] {
            let entry = try example.vectors.entry("masks", id)
            let rows = try #require(entry["rows"] as? [String])
            let reached = (0..<16).map { query in
                Set(rounds.flatMap { table.keys(of: query, round: $0) } + [query])
            }
            let made = reached.map { keys in (0..<16).map { keys.contains($0) ? "1" : "0" }.joined() }
            #expect(made == rows, "\(id)")
            #expect(reached.reduce(0) { $0 + $1.count } == entry["total"] as? Int)
        }
    }

    /// How often a pair meets; of a query and its own key the example counts every meeting, and here it counts for nothing.
    @Test func pairsMeetSeveralTimes() throws {
        let example = try Example()
        let table = example.table()
        let expected: [[Int]] = try example.output("pair_multiplicity_rows")
        for query in 0..<16 {
            let choice = table.choice(for: query)
            for key in 0..<16 where key != query {
                let copies = choice.copies.first { $0.keys.contains(key) }?.count ?? 1
                #expect((choice.keys.contains(key) ? copies : 0) == expected[query][key], "\(query) \(key)")
            }
        }
    }

    @Test func aSoftmaxARoundIsOneSoftmaxOfKeysThatCountSeveralTimes() throws {
        let example = try Example()
        let table = example.table()
        let expected: [[Double]] = try example.output("attention")
        let sums: [[Double]] = try example.output("lse_per_round")
        let shares: [[Double]] = try example.output("round_weights")
        let attention = example.attention(table)
        let out: [[Double]] = try example.output("out")
        for query in 0..<16 {
            // Printed with nine digits; what is 0 here weighs e^−100,000 there.
            #expect(zip(attention[query], expected[query]).allSatisfy { abs($0 - $1) < 1e-8 }, "\(query)")
            let own = (0..<2).map { example.logSumExp(table, query: query, round: $0) }
            #expect(zip(own, sums).allSatisfy { abs($0 - $1[query]) < 1e-8 }, "\(query)")
            let highest = max(own[0], own[1])
            let all = own.reduce(0) { $0 + exp($1 - highest) }
            for round in 0..<2 { #expect(abs(exp(own[round] - highest) / all - shares[round][query]) < 1e-8) }
            for i in 0..<2 {
                let made = (0..<16).reduce(0) { $0 + attention[query][$1] * example.values[$1][i] }
                #expect(abs(made - out[query][i]) < 1e-8)
            }
        }
    }

    @Test func thePapersFormulaCountsKeysOfTheBucketOnce() throws {
        let example = try Example()
        let expected: [[Double]] = try example.output("attention", of: "reformer_lsh_16_paper_formula")
        let table = example.table(across: false, form: .union)
        for (query, row) in example.attention(table).enumerated() {
            #expect(zip(row, expected[query]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(query)")
            #expect(table.choice(for: query).copies.isEmpty)
        }
    }

    /// The row of a run and the choice with reasons are worked out in two ways.
    @Test func tallyAndChoiceAgree() throws {
        let example = try Example()
        for across in [true, false] {
            for form in [LSHAttention.Form.union, .rounds] {
                let table = example.table(across: across, form: form)
                var tally = KeyTally(tokens: 16)
                for query in 0..<16 {
                    table.tally(query, into: &tally)
                    let choice = table.choice(for: query)
                    #expect(tally.keys.map(Int.init).sorted() == choice.keys.ranges.flatMap { Array($0) })
                    for key in tally.keys {
                        let copies = choice.copies.first { $0.keys.contains(Int(key)) }?.count ?? 1
                        #expect(copies == tally.count(key), "\(query) \(key)")
                    }
                }
            }
        }
    }

    /// 5 tokens and 3 fillings in chunks of 4: fillings are the last of every round, and nobody reads them.
    @Test func fillingsComeLast() {
        var method = LSHAttention(rounds: 1, buckets: 2, window: 0)
        method.chunk = 4
        method.readsAcross = true
        let table = SortedBuckets(method: method, queries: [[1, 0, 1, 0, 0]], keys: nil)
        #expect(table.queryOrder == [1, 3, 4, 0, 2] && table.chunksOfRound == 2)
        #expect(table.members(ofChunk: 1, keys: true) == [2])
        // The ring of two chunks: chunk 0 reads chunk 1 before itself.
        #expect(table.choice(for: 4).keys == KeyRanges(0..<4))
        #expect(table.choice(for: 0).keys == KeyRanges(0..<1))
    }
}
