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
    }
}
