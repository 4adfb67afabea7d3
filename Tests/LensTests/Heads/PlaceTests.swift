import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// What every head gives a place, against the rows of all heads and plain formulas.
struct PlaceTests {
    @Test(arguments: scenarios) func weightsAreThoseOfTheRows(specs: [String]) throws {
        let lens = Lens(recording: try Sample.recording(700, specs), threads: 2)
        let shape = lens.recording.shape
        for (query, keys) in [(699, 204..<205), (699, 250..<520), (300, 0..<301), (0, 0..<1), (256, 255..<257)] {
            let weights = try #require(lens.placeWeights(query: query, keys: keys))
            #expect(weights.count == shape.layers * shape.heads)
            for (index, weight) in weights.enumerated() {
                let (layer, head) = (index / shape.heads, index % shape.heads)
                let row = try #require(lens.row(layer: layer, head: head, query: query))
                let expected = row.weights[keys].reduce(0, +)
                #expect(agree(weight, expected, 2e-5), "\(specs) L\(layer) H\(head) \(query) \(keys)")
            }
        }
    }

    /// Σ weight · |value|, from the plain row and the recorded values.
    @Test func sharesAreOfTheLengthsThatKeysAdd() throws {
        let recording = try Sample.recording(400)
        let lens = Lens(recording: recording, threads: 2)
        let group = recording.shape.heads / recording.shape.keyValueHeads
        for layer in 0..<recording.shape.layers {
            let shares = try #require(lens.placeShares(layer: layer, query: 390, keys: 40..<300))
            #expect(shares.count == recording.shape.heads)
            for (head, share) in shares.enumerated() {
                let reference = LayerReference(recording, [], layer: layer, head: head)
                let scores = reference.scores(390)
                let highest = scores.max() ?? 0
                let sum = scores.reduce(0) { $0 + exp($1 - highest) }
                let added = try scores.enumerated().map { key, score -> Double in
                    let value = try #require(recording.value(layer: layer, keyValueHead: head / group, token: key))
                    let length = value.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                    return exp(score - highest) / sum * length
                }
                let expected = added[40..<300].reduce(0, +) / added.reduce(0, +)
                #expect(abs(Double(share.byValue) - expected) < 1e-5, "L\(layer) H\(head)")
                let weight = scores[40..<300].reduce(0) { $0 + exp($1 - highest) / sum }
                #expect(abs(Double(share.weight) - weight) < 1e-5, "L\(layer) H\(head)")
            }
        }
    }

    /// What is not there is nil, not a number.
    @Test func laterKeysAndPreviewsHaveNone() throws {
        let recording = try Sample.recording(60)
        let lens = Lens(recording: recording, threads: 1)
        #expect(lens.placeWeights(query: 10, keys: 11..<12) == nil)
        #expect(lens.placeWeights(query: 60, keys: 0..<1) == nil)
        #expect(lens.placeWeights(query: 10, keys: 5..<5) == nil)
        #expect(lens.placeShares(layer: 0, query: 10, keys: 0..<12) == nil)
        #expect(lens.placeShares(layer: recording.shape.layers, query: 10, keys: 0..<1) == nil)
        let preview = Lens(recording: recording, scenario: try Scenario(parsing: ["window:size=8"]), threads: 1)
        #expect(preview.placeWeights(query: 40, keys: 0..<1) == nil)
        let shares = try #require(preview.placeShares(layer: 0, query: 40, keys: 0..<20))
        #expect(shares.allSatisfy { $0.weight == 0 && $0.byValue == 0 })
    }
}
