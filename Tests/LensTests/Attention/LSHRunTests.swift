import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Runs in which a key stands in a softmax as often as rounds have found it: ln of that is added to its score.
struct LSHRunTests {
    static let specs = [
        "lsh:rounds=3,buckets=4,window=2,form=rounds", "lsh:rounds=3,buckets=4,shared=1,window=0,form=rounds",
        "lsh:rounds=3,buckets=4,chunk=32,shared=1,form=code,window=0",
        "lsh:rounds=2,buckets=4,split=2,chunk=24,back=2,form=rounds",
    ]
    /// float32 scores of order 10 are off by some 1e-6 each, and a weight by that relative to itself.
    private static let tolerance: Float = 1e-5

    private static func copies(_ choice: [KeyCopies], of key: Int) -> Double {
        Double(choice.first { $0.keys.contains(key) }?.count ?? 1)
    }

    /// Of keys 0...query, and ln Σ exp with all copies.
    private static func expected(
        _ states: PlainLayer, _ query: Int, head: Int, chosen: KeyRanges, copies: [KeyCopies]
    ) -> (weights: [Double], logSumExp: Double) {
        let plain = states.attention(query, head: head, visible: chosen.contains)
        let counted = plain.weights.enumerated().map { $1 * Self.copies(copies, of: $0) }
        let sum = counted.reduce(0, +)
        return (counted.map { $0 / sum }, plain.logSumExp + log(sum))
    }

    @Test(arguments: specs) func rowsOfARunCountCopies(spec: String) throws {
        let recording = try Sample.recording(300, [spec], chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        var several = 0
        for (layer, states) in PlainLayer.layers(recording, [spec]).enumerated() {
            for head in [0, recording.shape.heads - 1] {
                for query in stride(from: 299, through: 0, by: -29) {
                    let chosen = try #require(recording.chosenKeys(layer: layer, head: head, query: query))
                    let copies = recording.copies(layer: layer, head: head, query: query)
                    several += copies.reduce(0) { $0 + $1.keys.count }
                    let expected = Self.expected(states, query, head: head, chosen: chosen, copies: copies)
                    let place = "\(spec) \(layer).\(head): \(query)"
                    let measured = recording.measure(\.logSumExp, layer: layer, head: head, query: query)
                    #expect(agree(try #require(measured), Float(expected.logSumExp), Self.tolerance), "\(place)")
                    let row = try #require(lens.row(layer: layer, head: head, query: query))
                    #expect(row.provenance == .exact)
                    #expect(agree(row.logSumExp, Float(expected.logSumExp), Self.tolerance), "\(place)")
                    let wrong = row.weights.indices.filter {
                        !agree(row.weights[$0], Float(expected.weights[$0]), Self.tolerance)
                    }
                    #expect(wrong.isEmpty, "\(place): \(wrong.prefix(5))")
                    try Self.expectMeasures(recording, layer, head, query, expected.weights, place)
                }
            }
        }
        #expect(several > 100, "\(spec) counts \(several) keys more than once")
    }

    /// What the run has measured of a row, from its weights.
    private static func expectMeasures(
        _ recording: Recording, _ layer: Int, _ head: Int, _ query: Int, _ weights: [Double], _ place: String
    ) throws {
        var (distance, entropy) = (0.0, 0.0)
        for (key, weight) in weights.enumerated() where weight > 0 {
            distance += weight * Double(query - key)
            entropy -= weight * log2(weight)
        }
        func measured(_ value: Float?) throws -> Double { Double(try #require(value, "\(place)")) }
        let sink = try measured(recording.measure(\.sink, layer: layer, head: head, query: query))
        let previous = try measured(recording.measure(\.previous, layer: layer, head: head, query: query))
        let away = try measured(recording.measure(\.distance, layer: layer, head: head, query: query))
        let bits = try measured(recording.measure(\.entropy, layer: layer, head: head, query: query))
        #expect(abs(sink - weights[0]) < 1e-4, "\(place)")
        #expect(abs(previous - (query > 0 ? weights[query - 1] : 0)) < 1e-4, "\(place)")
        #expect(abs(away - distance) < 1e-3 * max(1, distance), "\(place)")
        #expect(abs(bits - entropy) < 1e-3 * max(1, entropy), "\(place)")
    }

    /// A column, a map and one word say what rows say.
    @Test(arguments: specs) func columnsAndMapsCountCopies(spec: String) throws {
        let recording = try Sample.recording(300, [spec], chunkSize: 256)
        let lens = Lens(recording: recording, threads: 2)
        let rows = (0..<300).compactMap { lens.row(layer: 1, head: 1, query: $0) }
        for key in [0, 17, 120] {
            let column = lens.topQueries(layer: 1, head: 1, key: key, count: 300)
            for found in column {
                #expect(agree(found.weight, rows[found.token].weights[key], Self.tolerance), "\(spec) \(key)")
            }
        }
        let reading = try #require(lens.wordReading(layer: 1, head: 1, query: 250, count: 251))
        for key in reading.keys { #expect(agree(key.weight, rows[250].weights[key.token], Self.tolerance)) }
    }

    @Test(arguments: specs) func thePreviewOfTheFirstLayerIsExact(spec: String) throws {
        let preview = Lens(
            recording: try Sample.recording(300), scenario: try Scenario(parsing: [spec]), threads: 2)
        let exact = Lens(recording: try Sample.recording(300, [spec]), threads: 2)
        for query in stride(from: 299, through: 0, by: -41) {
            let a = try #require(preview.row(layer: 0, head: 1, query: query))
            let b = try #require(exact.row(layer: 0, head: 1, query: query))
            #expect(a.provenance.basis == .preview && b.provenance.basis == .exact)
            #expect(zip(a.weights, b.weights).allSatisfy { agree($0, $1, Self.tolerance) }, "\(spec) \(query)")
            let x = try #require(preview.maskRow(layer: 0, head: 1, query: query))
            let y = try #require(exact.maskRow(layer: 0, head: 1, query: query))
            #expect(x.visible == y.visible && agree(x.massKept, y.massKept, Self.tolerance) && x.massKept <= 1)
        }
    }

    /// Keys one by one give what tiles give: a cache that has compressed nothing yet is read by tiles.
    @Test func singleKeysAndTilesAgree() throws {
        let spec = "lsh:rounds=3,buckets=4,chunk=32,shared=1,form=code,window=2"
        let single = try Sample.recording(600, [spec])
        let tiled = try Sample.recording(600, [spec, "kivi:bits=8,group=32,residual=1024"])
        for token in 0..<600 {
            let a = try #require(single.lastHidden(of: token))
            let b = try #require(tiled.lastHidden(of: token))
            #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-5) }, "\(token)")
        }
    }
}
