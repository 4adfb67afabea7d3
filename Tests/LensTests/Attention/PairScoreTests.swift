import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// The score of a pair and its parts.
struct PairScoreTests {
    @Test(arguments: scenarios) func sharesAddUpToTheScore(specs: [String]) throws {
        let recording = try Sample.recording(700, specs)
        let lens = Lens(recording: recording, threads: 2)
        let reference = LayerReference(recording, specs, layer: 1, head: 1)
        for query in [0, 1, 63, 256, 511, 699] {
            let expected = reference.row(query)
            let scores = reference.scores(query)
            for key in stride(from: 0, through: query, by: 37).map({ $0 }) + [query] {
                let pair = try #require(lens.pair(layer: 1, head: 1, query: query, key: key))
                let sum = pair.shares.reduce(0) { $0 + Double($1.contribution) }
                let magnitude = pair.shares.reduce(0) { $0 + Double($1.amplitude) }
                #expect(abs(sum - Double(pair.score)) <= 1e-5 * max(1, abs(Double(pair.score))))
                // Turned float32 vectors are off by 1e-7 of their length, and so is each product.
                #expect(abs(Double(pair.score) - scores[key]) <= 1e-5 * max(1, magnitude))
                #expect(pair.shares.map(\.subspace) == Array(0..<recording.shape.subspaces))
                for share in pair.shares {
                    #expect(abs(share.contribution) <= share.amplitude * 1.00001 + 1e-6)
                    let angle = Double(query - key) * LayerReference.frequency(share.subspace, specs, recording.shape)
                    #expect(abs(share.angle - angle) <= 1e-12 * abs(angle))
                }
                #expect((pair.weight != nil) == expected.visible.contains(key), "\(specs) \(query), \(key)")
                if let weight = pair.weight {
                    #expect(abs(Double(weight) - expected.weights[key]) < 1e-5)
                    let row = try #require(lens.row(layer: 1, head: 1, query: query))
                    #expect(abs(Double(logf(weight) + row.logSumExp - pair.score)) <= 1e-5 * max(1, magnitude))
                }
            }
        }
    }

    @Test func theAmplitudeIsWhatTheSubspaceCouldAdd() throws {
        let recording = try Sample.recording(300)
        let pair = try #require(Lens(recording: recording, threads: 1).pair(layer: 0, head: 3, query: 250, key: 17))
        let q = try #require(recording.query(layer: 0, head: 3, token: 250)).map(Double.init)
        let k = try #require(recording.key(layer: 0, keyValueHead: 1, token: 17)).map(Double.init)
        for (i, share) in pair.shares.enumerated() {
            let length = hypot(q[i], q[i + 5]) * hypot(k[i], k[i + 5]) / 10.squareRoot()
            #expect(abs(Double(share.amplitude) - length) < 1e-5 * max(1, length))
        }
    }
}
