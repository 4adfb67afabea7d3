import RopewalkMethods
import Testing

/// Which keys share a bucket with a query, against worked examples and the definition in plain words.
struct LSHAttentionTests {
    /// The worked example has one vector for queries and keys: the same states stand on both sides.
    @Test func bucketsAndWhatSharesThem() throws {
        let vectors = try ReferenceVectors("lsh")
        let qk: [[Double]] = try vectors.value("reformer_lsh_16", "inputs.qk", section: "numeric")
        let rotations: [[[Double]]] = try vectors.value(
            "reformer_lsh_16", "inputs.rotations_hash_d_half", section: "numeric")
        let expected: [[Int]] = try vectors.value("reformer_lsh_16", "outputs.buckets_per_round", section: "numeric")
        let states = qk.map { $0.map { Float($0) } }
        let buckets = rotations.map { rotation in
            // Written as [dimension][half a bucket].
            let directions = (0..<2).map { half in rotation.map { $0[half] } }
            return states.map { LSHAttention.bucket(of: $0, directions: directions) }
        }
        #expect(buckets == expected)
        let rows: [String] = try vectors.value(
            "reformer_lsh_16_paper_formula", "outputs.union_rows", section: "numeric")
        for (query, row) in rows.enumerated() {
            let shared = (0..<16).map { key in
                key <= query && buckets.contains { $0[key] == $0[query] } ? "1" : "0"
            }.joined()
            #expect(shared == row, "query \(query)")
        }
    }

    @Test func aChoiceIsTheUnionOfTheRounds() throws {
        let method = LSHAttention(rounds: 3, buckets: 6, window: 2, seed: 4)
        let states = PlainStates.stack(2, tokens: 60, heads: 4, keyHeads: 2, dimension: 8)
        for head in [0, 3] {
            let place = HeadPlace(layer: 1, head: head, layers: 2, heads: 4)
            for query in [0, 1, 7, 30, 59] {
                let choice = try #require(method.choice(for: query, place: place, states: states))
                let q = states.query(query, head: head, piece: 0)
                let expected = (0...query).filter { key in
                    if query - key < 2 { return true }
                    let k = states.keys(key..<key + 1, keyHead: head / 2, piece: 0)
                    return (0..<3).contains { round in
                        let directions = method.directions(round: round, layer: 1, dimension: 8)
                        return LSHAttention.bucket(of: q, directions: directions)
                            == LSHAttention.bucket(of: k, directions: directions)
                    }
                }
                #expect(choice.keys.ranges.flatMap { Array($0) } == expected, "\(head) \(query)")
                #expect((0...query).allSatisfy { choice.reason($0).isVisible == expected.contains($0) })
            }
        }
    }

    @Test func refusals() {
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:buckets=7") }
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:rounds=0") }
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:rounds=100000,buckets=2") }
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:rounds=1024,buckets=128") }
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:split=3") }
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:form=code") }
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:rounds=65,chunk=64") }
        #expect(throws: MethodError.self) { try MethodSpec.parse("lsh:chunk=64,back=65") }
    }

    /// A key that several rounds find counts as often in one form, once in the other.
    @Test func whatSeveralRoundsFindCountsSoOften() throws {
        var method = LSHAttention(rounds: 4, buckets: 2, window: 0, seed: 1)
        method.form = .rounds
        method.isShared = true
        let states = PlainStates.stack(1, tokens: 24, heads: 2, keyHeads: 1, dimension: 8)
        let place = HeadPlace(layer: 0, head: 1, layers: 1, heads: 2)
        for query in [1, 9, 23] {
            let choice = try #require(method.choice(for: query, place: place, states: states))
            for key in 0..<query {
                let rounds = (0..<4).count { round in
                    let directions = method.directions(round: round, layer: 0, dimension: 8)
                    return LSHAttention.bucket(of: states.query(query, head: 1, piece: 0), directions: directions)
                        == LSHAttention.bucket(of: states.query(key, head: 1, piece: 0), directions: directions)
                }
                #expect(choice.keys.contains(key) == (rounds > 0))
                let copies = choice.copies.first { $0.keys.contains(key) }?.count ?? 1
                #expect(copies == max(1, rounds))
            }
            method.form = .union
            #expect(try #require(method.choice(for: query, place: place, states: states)).copies.isEmpty)
            method.form = .rounds
        }
    }

    /// A bucket of a first turning is split by those of the second.
    @Test func twoTurningsNameOneBucketTogether() {
        var method = LSHAttention(rounds: 1, buckets: 4, seed: 3)
        method.factor = 6
        method.chunk = 4
        method.isShared = true
        let states = PlainStates.stack(1, tokens: 40, heads: 1, keyHeads: 1, dimension: 8)
        let table = method.sortedBuckets(for: HeadPlace(layer: 0, head: 0, layers: 1, heads: 1), states: states)
        let directions = method.directions(round: 0, layer: 0, dimension: 8)
        #expect(directions.count == 5)
        for token in 0..<40 {
            let state = states.query(token, head: 0, piece: 0)
            let first = LSHAttention.bucket(of: state, directions: Array(directions.prefix(2)))
            let second = LSHAttention.bucket(of: state, directions: Array(directions.suffix(3)))
            #expect(table.queryBuckets[0][token] == Int32(first + 4 * second))
        }
    }
}
