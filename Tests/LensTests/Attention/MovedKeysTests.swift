import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Selections that take keys to other places: pairs, words and maps say what rows say, and what they cannot go with is
/// refused by name.
struct MovedKeysTests {
    static let specs = ["longheads:chunk=16,budget=64", "landmark:block=9,topk=2", "landmark:block=9,topk=2,moved=0"]

    @Test(arguments: specs) func everyAnswerIsOfTheSameScores(spec: String) throws {
        let recording = try Sample.recording(300, [spec], chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        var moved = 0
        for (layer, head, query) in [(0, 0, 299), (1, 3, 250), (0, 2, 131)] {
            let row = try #require(lens.row(layer: layer, head: head, query: query))
            let word = try #require(lens.wordReading(layer: layer, head: head, query: query, count: 400))
            let places = lens.places(query, layer: layer, head: head)
            for key in word.keys where key.isSeen {
                #expect(key.weight == row.weights[key.token])
                #expect(agree(key.score, key.scaled + (key.bias ?? 0), 1e-5))
                let pair = try #require(lens.pair(layer: layer, head: head, query: query, key: key.token))
                // The shares are of the product alone, and the score has what a block's landmark is worth with it.
                let sum = pair.shares.reduce(pair.unturned) { $0 + $1.contribution }
                #expect(agree(sum, key.scaled, 1e-5), "\(spec) \(query) \(key.token)")
                #expect(agree(pair.score, key.score, 1e-6))
                let placed = places.first { $0.keys.contains(key.token) }
                let period = recording.setup.stateSelection(layer)?.keyPeriod ?? 1
                let distance = placed?.distance(to: key.token, period: period) ?? query - key.token
                if placed != nil { moved += 1 }
                #expect(abs(pair.shares[0].angle - Double(distance)) < 1e-3)
            }
            let request = MapRequest(
                layer: layer, head: head, firstQuery: query, cell: 1, rows: 1, columns: 300)
            let map = lens.map(request)
            let distances = try #require(lens.distanceMap(request))
            for key in 0...query {
                #expect(agree(map[0, key], row.weights[key], 1e-6))
                let isRead = lens.isVisible(layer: layer, head: head, query: query, key: key)
                guard spec.contains("moved=0") || isRead else {
                    #expect(distances[0, key].isNaN)
                    continue
                }
                let placed = places.first { $0.keys.contains(key) }
                let period = recording.setup.stateSelection(layer)?.keyPeriod ?? 1
                let distance = placed?.distance(to: key, period: period) ?? query - key
                #expect(distances[0, key] == max(0.5, Float(distance)))
            }
            // A column goes through the queries, a row through the keys.
            let key = try #require(word.keys.first?.token)
            let column = lens.topQueries(layer: layer, head: head, key: key, count: 300)
            let found = try #require(column.first { $0.token == query })
            #expect(agree(found.weight, row.weights[key], 1e-5))
        }
        #expect((moved > 0) == !spec.contains("moved=0"))
    }

    /// As long as everything is read nothing is moved, and the run is that of the model.
    @Test func aBudgetThatHoldsAllChangesNothing() throws {
        let plain = try Sample.recording(300, [], chunkSize: 256)
        let chosen = try Sample.recording(300, ["longheads:chunk=16,budget=512"], chunkSize: 256)
        for token in 0..<300 {
            let a = try #require(plain.lastHidden(of: token))
            let b = try #require(chosen.lastHidden(of: token))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-5) })
        }
    }

    @Test(arguments: [
        (["longheads", "rerope:window=40"], "renumber=0"), (["landmark", "alibi"], "moved=0"),
        (["landmark", "xpos"], "moved=0"), (["landmark", "kivi"], "grouped=0"),
    ])
    func whatItCannotGoWith(specs: [String], remedy: String) throws {
        let model = try Sample.model()
        let error = #expect(throws: ModelError.self) { try model.check(try Scenario(parsing: specs), tokens: 100) }
        #expect(error?.description.contains(remedy) == true, "\(specs)")
        let without = specs[0] + (specs[0] == "longheads" ? ":renumber=0" : ":moved=0,grouped=0")
        try model.check(try Scenario(parsing: [without, specs[1]]), tokens: 100)
    }

    /// Places that are added to embeddings cannot change.
    @Test func learnedPlacesStay() throws {
        let model = try Model(contentsOf: try GoldenFixture("gpt2").folder, needsTokenizer: false)
        let error = #expect(throws: ModelError.self) {
            try model.check(try Scenario(parsing: ["longheads:chunk=4,budget=16"]), tokens: 30)
        }
        #expect(error?.description.contains("renumber=0") == true)
        try model.check(try Scenario(parsing: ["longheads:chunk=4,budget=16,renumber=0"]), tokens: 30)
    }
}
