import Foundation
import TestSupport
import Testing

@testable import RopewalkModels

/// Two streams in turn, and back.
struct ReversibleTests {
    /// The worked example: F(z) = tanh(z W), G(z) = relu(z Wᵀ).
    @Test func aPairGoesThereAndBack() throws {
        let text = try Fixture.data("vectors/lsh.json")
        let root = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
        let numeric = try #require(root["numeric"] as? [[String: Any]])
        let entry = try #require(numeric.first { $0["id"] as? String == "reversible_pair" })
        func rows(_ part: String, _ name: String) throws -> [[Float]] {
            let values = try #require((entry[part] as? [String: Any])?[name] as? [[Double]])
            return values.map { $0.map { Float($0) } }
        }
        let w = try rows("inputs", "W")
        let f: ([Float]) -> [Float] = { z in (0..<2).map { j in tanh(z[0] * w[0][j] + z[1] * w[1][j]) } }
        let g: ([Float]) -> [Float] = { z in (0..<2).map { j in max(0, z[0] * w[j][0] + z[1] * w[j][1]) } }
        let start = ReversiblePair(first: try rows("inputs", "X1")[0], second: try rows("inputs", "X2")[0])
        let end = start.forward(f, g)
        let expected = ReversiblePair(first: try rows("outputs", "Y1")[0], second: try rows("outputs", "Y2")[0])
        // Numbers around 1 have steps of 1.2e-7.
        #expect(end.distance(to: expected) < 1e-6)
        #expect(end.inverse(f, g).distance(to: start) < 1e-6)
    }

    /// float32 loses some units of the last place a layer, and more the further back.
    @Test(arguments: ["reformer", "reformer_learned"]) func theInverseOfAModelDrifts(name: String) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let ids = (0..<40).map { Int32(($0 * 17 + 5) % 60) }
        let drift = try #require(try model.reversibleDrift(ids, threads: 2))
        #expect(drift.errors.count == model.shape.layers && drift.sizes.count == model.shape.layers)
        for (error, size) in zip(drift.errors, drift.sizes) { #expect(error < 1e-4 * size && size > 0.1) }
        let plain = try Model(contentsOf: Fixture.path("hf/gpt2"), needsTokenizer: false)
        #expect(try plain.reversibleDrift(ids, threads: 1) == nil)
    }

    @Test func whatTrainingKeeps() throws {
        let model = try Model(contentsOf: Fixture.path("hf/reformer"), needsTokenizer: false)
        let stored = StoredActivations(model.shape, tokens: 1000)
        #expect(stored.standard == 3 * 1000 * 24 && stored.reversible == 2 * 1000 * 24)
    }
}
