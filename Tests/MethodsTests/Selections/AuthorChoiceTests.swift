import RopewalkMethods
import Testing

/// The keys that the authors' code chooses on the same queries, keys and values, query by query.
@Suite struct AuthorChoiceTests {
    let vectors: AuthorVectors
    init() throws { vectors = try AuthorVectors() }

    /// States of a case; some share them.
    func states(_ id: String, method: any PositionMethod = RoPE()) throws -> PlainStates {
        let keys = try vectors.heads(id + "/k")
        let values = vectors.has(id + "/v") ? try vectors.heads(id + "/v") : keys
        return PlainStates(queries: try vectors.heads(id + "/q"), keys: keys, values: values, method: method)
    }

    /// The choices of every query of a head.
    func choices(_ spec: String, _ states: PlainStates, head: Int) throws -> [[Int]] {
        let method = try #require(try MethodSpec.parse(spec) as? any StateSelection)
        let place = HeadPlace(layer: 0, head: head, layers: 1, heads: states.heads)
        return method.choices(states, place: place).map(\.keys.list)
    }

    /// Their prompt path leaves out the query's own key, which reading needs.
    @Test func longHeadsReadsAPrompt() throws {
        let states = try states("longheads/prompt-64")
        for (head, rows) in try vectors.choices("longheads/prompt-64/selected").enumerated() {
            let found = try choices("longheads:chunk=8,budget=64", states, head: head)
            for (query, keys) in rows.enumerated() {
                #expect(found[query] == Set(keys + [query]).sorted(), "\(head) \(query)")
            }
        }
    }

    @Test func longHeadsDecodes() throws {
        let states = try states("longheads/decode-64")
        let found = try choices("longheads:chunk=8,budget=64,decode=1", states, head: 0)
        for (row, keys) in try vectors.choices("longheads/decode-64/selected")[0].enumerated() {
            #expect(found[72 + row] == keys, "\(72 + row)")
        }
        // A prompt differs by queries that end their chunk alone.
        let prompt = try choices("longheads:chunk=8,budget=64", states, head: 0)
        #expect(prompt.indices.allSatisfy { prompt[$0] == found[$0] || $0 % 8 == 7 })
    }

    @Test(arguments: [("code-a", 1), ("mean-a", 0)]) func infllm(id: String, mass: Int) throws {
        let spec = "infllm:init=8,local=32,block=8,topk=3,representatives=4,mass=\(mass)"
        let companion = try #require(try MethodSpec.parse(spec).companion as? any PositionMethod)
        let states = try states("infllm/code-a", method: companion)
        let expected = try vectors.choices("infllm/\(id)/selected")[0]
        let found = try choices(spec, states, head: 0)
        for query in expected.indices { #expect(found[query] == expected[query], "\(query)") }
        let weights = try vectors.heads("infllm/\(id)/weights")[0]
        for (row, query) in try vectors.rows("infllm/\(id)/rows").enumerated() {
            let softmax = plainSoftmax(found[query].map { states.score(query, $0, head: 0) })
            for (key, weight) in zip(found[query], softmax) { #expect(abs(weight - Double(weights[row][key])) < 2e-5) }
        }
        // Where the far keys are read does not change which of them are, but for what weights decide.
        guard mass == 0 else { return }
        #expect(try choices(spec, try self.states("infllm/code-a"), head: 0) == found)
    }

    @Test(arguments: [("released-7-2", 1), ("true-scores-7-2", 0), ("true-7-2", 0)])
    func landmark(id: String, stingy: Int) throws {
        let states = try states("landmark/released-7-2")
        for (head, rows) in try vectors.choices("landmark/\(id)/selected").enumerated() {
            let found = try choices("landmark:block=7,topk=2,stingy=\(stingy)", states, head: head)
            // The rows of landmarks are others there, and landmarks themselves are read by none here.
            for (query, keys) in rows.enumerated() where query % 8 != 7 {
                #expect(found[query] == keys.filter { $0 % 8 != 7 }, "\(head) \(query)")
            }
        }
    }

    /// Cases that agreed from the beginning stay so.
    @Test(arguments: [
        ("quest/8-32", "quest:page=8,budget=32,dense-layers=0"), ("moba/16-3", "moba:block=16,topk=3"),
        ("nsa/8-4-16", "nsa:length=8,stride=4,block=16,blocks=4,init=1,local=2,window=12"),
        ("tova/24", "tova:capacity=24"), ("h2o/12-12", "h2o:heavy=12,recent=12"),
        ("snapkv/96-40", "snapkv:prompt=96,capacity=40,window=8,kernel=5,max=0"),
    ])
    func agreeing(id: String, spec: String) throws {
        let states = try states(id)
        for (head, rows) in try vectors.choices(id + "/selected").enumerated() {
            let found = try choices(spec, states, head: head)
            for (query, keys) in rows.enumerated() { #expect(found[query] == keys, "\(spec) \(head) \(query)") }
        }
    }

    /// Keys and values as their two bits give them back. Their float32 sums and ours differ by some 1e-6.
    @Test func kivi() throws {
        let kivi = KIVI(bits: 2, group: 16, residual: 32)
        let plain = try vectors.heads("kivi/2-16-32/k")
        let states = PlainStates(queries: plain, keys: plain, values: plain, method: RoPE())
        let keys = states.keys(0..<112, keyHead: 0, piece: 0)
        let read = try vectors.tensor("kivi/2-16-32/keys_read", as: Float.self).numbers
        for (key, expected) in zip(kivi.compressedKeys(keys, dimension: 32), read) {
            #expect(abs(key - expected) < 1e-5)
        }
        let values = try vectors.tensor("kivi/2-16-32/v", as: Float.self).numbers
        let valuesRead = try vectors.tensor("kivi/2-16-32/values_read", as: Float.self).numbers
        for (value, expected) in zip(kivi.compressedValues(values, dimension: 32), valuesRead) {
            #expect(abs(value - expected) < 1e-5)
        }
    }
}
