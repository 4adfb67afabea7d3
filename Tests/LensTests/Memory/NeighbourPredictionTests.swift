import Foundation
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

/// What followed the nearest states, against the worked example and its definition in float64.
struct NeighbourPredictionTests {
    @Test func mixesAsTheExampleDoes() throws {
        let vectors = try #require(
            JSONSerialization.jsonObject(with: try Fixture.data("vectors/memory.json")) as? [String: Any])
        let entry = try #require((vectors["numeric"] as? [[String: Any]])?.first)
        let inputs = try #require(entry["inputs"] as? [String: Any])
        let outputs = try #require(entry["outputs"] as? [String: Any])
        let words = ["cat", "dog", "sun"]
        let next = try #require(inputs["values"] as? [String]).map { try #require(words.firstIndex(of: $0)) }
        let mix = NeighbourMix(distances: try #require(inputs["distances"] as? [Double]), next: next)
        for (a, b) in zip(mix.weights, try #require(outputs["neighbour_weights"] as? [Double])) {
            #expect(abs(a - b) < 1e-6)
        }
        let model = try #require(inputs["p_lm"] as? [String: Double])
        let (memory, mixed) = (
            try #require(outputs["p_knn"] as? [String: Double]), try #require(outputs["p"] as? [String: Double])
        )
        for (token, word) in words.enumerated() {
            #expect(abs((mix.ofTokens[token] ?? 0) - (memory[word] ?? -1)) < 1e-6)
            let p = mix.probability(of: token, model: model[word] ?? 0, share: 0.25)
            #expect(abs(p - (mixed[word] ?? -1)) < 1e-6)
        }
        let soft = NeighbourMix(distances: [0, 2], next: [1, 1], temperature: 1e9)
        #expect(abs(soft.weights[0] - 0.5) < 1e-6 && abs((soft.ofTokens[1] ?? 0) - 1) < 1e-12)
    }

    @Test(arguments: [false, true]) func isWhatItsDefinitionSays(hasOther: Bool) throws {
        let model = try Sample.model()
        let own = try Sample.recording(120)
        let other = hasOther ? try Recorder(model: model, threads: 2).record(Sample.ids(80, seed: 4)) : nil
        var settings = NeighbourSettings()
        (settings.count, settings.temperature) = (7, 5)
        for query in [30, 119] {
            let found = try #require(
                Lens(own).neighbourPrediction(after: query, model: model, settings: settings, other: other))
            let state = try #require(own.lastHidden(of: query)).map(Double.init)
            func gap(_ recording: Recording, _ token: Int) -> Double {
                zip(state, recording.lastHidden(of: token) ?? []).reduce(0) {
                    $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1))
                }
            }
            let all =
                (0..<query).map { (false, $0, gap(own, $0), Int(own.ids[$0 + 1])) }
                + (other.map { other in (0..<79).map { (true, $0, gap(other, $0), Int(other.ids[$0 + 1])) } } ?? [])
            let best = all.sorted { $0.2 < $1.2 }.prefix(7)
            #expect(found.neighbours.map(\.token) == best.map(\.1) && found.neighbours.map(\.isOther) == best.map(\.0))
            let weights = best.map { exp(-($0.2 - best[0].2) / 5) }
            let sum = weights.reduce(0, +)
            let expected = try #require(model.logProbabilities(after: query, in: own))
            for candidate in found.candidates {
                let memory = zip(best, weights).reduce(0) { $1.0.3 == candidate.id ? $0 + $1.1 / sum : $0 }
                // Distances are float32 sums of 40 squares, divided by 5.
                #expect(abs(candidate.memory - memory) < 1e-5)
                #expect(abs(candidate.model - exp(Double(expected[candidate.id]))) < 1e-12)
                #expect(
                    abs(candidate.probability - 0.25 * candidate.memory - 0.75 * candidate.model) < 1e-12)
            }
            #expect(zip(found.candidates, found.candidates.dropFirst()).allSatisfy { $0.probability >= $1.probability })
            #expect((found.losses == nil) == (query == 119))
        }
        #expect(Lens(own).neighbourPrediction(after: 0, model: model, settings: settings) == nil, "an empty memory")
    }

    /// The last token of a chunk is the first that reads its neighbours.
    @Test func chunksAreReadAsTheExampleSays() throws {
        let vectors = try #require(
            JSONSerialization.jsonObject(with: try Fixture.data("vectors/memory.json")) as? [String: Any])
        let entry = try #require((vectors["algorithms"] as? [[String: Any]])?.first)
        let outputs = try #require(entry["outputs"] as? [String: [Any]])
        let expected = try #require(outputs["neighbours_of_chunk_used_by_token"]).map { $0 as? Int }
        let own = try Sample.recording(16)
        let used = (0..<16).map {
            Lens(own).chunkRetrieval(layer: 0, head: 0, query: $0, chunk: 4, neighbours: 2)?.readChunk
        }
        #expect(used == expected)
    }
}
