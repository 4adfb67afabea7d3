import Foundation
import RopewalkMethods
import Testing

/// What queries give the keys that they have chosen, where the authors' code takes keys to other places or shares weight
/// by blocks.
///
/// Within 2e-6, as the vectors say: float32 there, float64 of states turned in float32 here.
@Suite struct AuthorWeightTests {
    let vectors: AuthorVectors
    init() throws { vectors = try AuthorVectors() }

    /// The weights of one query, [key], with all keys of its choice.
    static func weights(
        _ method: any StateSelection, _ states: PlainStates, head: Int, query: Int, choice: KeyChoice
    ) -> [Double] {
        let places = method.places(of: choice.keys, query: query)
        let keys = choice.keys.list
        let scores = keys.map { key in
            let added = choice.additions.first { $0.keys.contains(key) }?.value ?? 0
            return states.score(query, key, head: head, places: places) + Double(added)
        }
        var result = [Double](repeating: 0, count: states.tokens)
        for (key, weight) in zip(keys, plainSoftmax(scores)) { result[key] = weight }
        return result
    }

    func states(_ id: String, period: Int?) throws -> PlainStates {
        let keys = try vectors.heads(id + "/k")
        let values = vectors.has(id + "/v") ? try vectors.heads(id + "/v") : keys
        var states = PlainStates(queries: try vectors.heads(id + "/q"), keys: keys, values: values, method: RoPE())
        states.keyPeriod = period ?? 1
        return states
    }

    /// - Parameter ownKeyMissing: whether the code leaves out the query's own key in rows of a choice
    func compare(
        _ spec: String, id: String, states source: String, tolerance: Double = 2e-6, ownKeyMissing: Bool = false
    ) throws {
        let method = try #require(try MethodSpec.parse(spec) as? any StateSelection)
        let states = try states(source, period: method.keyPeriod)
        let rows = try vectors.rows(id + "/rows")
        for (head, expected) in try vectors.heads(id + "/weights").enumerated() {
            let place = HeadPlace(layer: 0, head: head, layers: 1, heads: states.heads)
            let choices = method.choices(for: rows, place: place, states: states)
            for (row, query) in rows.enumerated() {
                let choice = try #require(choices[query])
                var found = Self.weights(method, states, head: head, query: query, choice: choice)
                if ownKeyMissing, query >= 64 {
                    let rest = 1 - found[query]
                    found = found.map { $0 / rest }
                    found[query] = 0
                }
                let far = zip(found, expected[row]).map { abs($0 - Double($1)) }.max() ?? 1
                #expect(far < tolerance, "\(id) \(head) \(query)")
            }
        }
    }

    @Test func longHeads() throws {
        try compare(
            "longheads:chunk=8,budget=64", id: "longheads/prompt-64", states: "longheads/prompt-64", ownKeyMissing: true
        )
        try compare(
            "longheads:chunk=8,budget=64,decode=1", id: "longheads/decode-64", states: "longheads/decode-64")
    }

    @Test(arguments: [("released-7-2", "stingy=1"), ("true-scores-7-2", "stingy=0"), ("true-7-2", "moved=0")])
    func landmark(id: String, form: String) throws {
        try compare("landmark:block=7,topk=2,\(form)", id: "landmark/" + id, states: "landmark/released-7-2")
    }

    /// The numbering of what is read, key by key: rank from the query's own, whatever the chunks.
    @Test(arguments: [(5, 20), (1, 3), (7, 21)]) func numbersAnew(chunk: Int, budget: Int) throws {
        let method = LongHeads(chunk: chunk, budget: budget)
        let states = PlainStates(tokens: 61, heads: 2, keyHeads: 1, dimension: 4, seed: 3)
        for query in 0..<61 {
            let keys = try #require(method.choice(for: query, place: .only, states: states)).keys
            let places = method.places(of: keys, query: query)
            for (rank, key) in keys.list.enumerated() {
                let placed = places.first { $0.keys.contains(key) }?.distance(to: key, period: chunk) ?? query - key
                #expect(placed == keys.count - 1 - rank, "\(query) \(key)")
                #expect(placed < max(budget, 1))
            }
            // As long as all is read, all stays where it is.
            #expect(places.isEmpty || query >= budget / chunk * chunk)
        }
        #expect(LongHeads(chunk: 5, budget: 20, renumbers: false).places(of: KeyRanges(0..<9), query: 40).isEmpty)
    }

    /// Blocks stand on the places of the topk + 1 before the query's, each on its own and in their order.
    @Test(arguments: [(3, 2), (1, 4), (6, 1), (4, 9), (2, 0)]) func movesBlocks(block: Int, topk: Int) throws {
        let method = Landmark(block: block, topk: topk)
        let stride = block + 1
        let states = PlainStates(tokens: 61, heads: 2, keyHeads: 1, dimension: 4, seed: 4)
        for query in 0..<61 {
            let keys = try #require(method.choice(for: query, place: .only, states: states)).keys
            let places = method.places(of: keys, query: query)
            let stands = keys.list.map { key in
                query - (places.first { $0.keys.contains(key) }?.distance(to: key, period: stride) ?? query - key)
            }
            #expect(zip(stands, stands.dropFirst()).allSatisfy { $0 < $1 }, "\(query)")
            let own = query / stride
            #expect(stands.allSatisfy { $0 >= max(0, own - topk - 1) * stride && $0 <= query }, "\(query)")
            #expect(zip(stands, keys.list).allSatisfy { $0 % stride == $1 % stride })
        }
    }

    /// The tokens of a block together weigh what its landmark would, and a landmark that is not read nothing.
    @Test func sharesByLandmarks() throws {
        let method = Landmark(block: 3, topk: 12, moves: false)
        let states = PlainStates(tokens: 41, heads: 1, keyHeads: 1, dimension: 4, seed: 9)
        for query in 0..<41 where query % 4 != 3 {
            let choice = try #require(method.choice(for: query, place: .only, states: states))
            let found = Self.weights(method, states, head: 0, query: query, choice: choice)
            // With every block read this is the definition, written out once more.
            let logits = (0..<41).map { $0 <= query ? states.score(query, $0, head: 0) : 0 }
            for (a, b) in zip(found, method.weights(logits: logits, query: query)) { #expect(abs(a - b) < 1e-6) }
        }
    }
}
