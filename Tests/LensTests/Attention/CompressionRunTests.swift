import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Runs with a compressed cache against float64: a query reads keys and values before the first exact ones as the
/// method gives them back, and the later ones as they are.
struct CompressionRunTests {
    static let scenarios = [
        ["kivi:bits=2,group=8,residual=32"], ["kivi:bits=4,group=5,residual=20"],
        ["window:size=90", "kivi:bits=2,group=8,residual=32"], ["pi:factor=4", "kivi:bits=2,group=16,residual=16"],
        ["part-means:unit=tokens,size=24"], ["pi:factor=4", "part-means:lengths=7/40/21/60/1/33/90"],
    ]
    /// As for rows of exact keys.
    static let tolerance: Float = 1e-5

    static func attention(
        _ states: PlainLayer, _ method: any CompressionMethod, query: Int, head: Int, specs: [String]
    ) -> PlainAttention {
        let exactKeys = states.keyRows[states.keyHead(head)]
        let exactValues = states.valueRows[states.keyHead(head)]
        let d = states.dimension
        // A cache of the query's own step: what was there before it, and nothing later.
        let keys = rows(method.compressedKeys(exactKeys[..<query].flatMap { $0 }, dimension: d), d)
        let values = rows(method.compressedValues(exactValues[..<query].flatMap { $0 }, dimension: d), d)
        let firstKey = method.firstExactKey(cached: query)
        let firstValue = method.firstExactValue(cached: query)
        return states.attention(
            query, head: head, visible: { PlainWindow.contains(query, $0, specs) },
            keys: keys[..<firstKey] + Array(exactKeys[firstKey...]),
            values: values[..<firstValue] + Array(exactValues[firstValue...]))
    }

    static func rows(_ numbers: [Float], _ dimension: Int) -> [[Float]] {
        stride(from: 0, to: numbers.count, by: dimension).map { Array(numbers[$0..<$0 + dimension]) }
    }

    @Test(arguments: scenarios, ["llama_default", "llama_mqa"]) func theRunReadsTheCache(
        specs: [String], model: String
    ) throws {
        let recording = try Sample.recording(300, specs, model: model, chunkSize: 256)
        let method = try #require(try Scenario(parsing: specs).compression)
        let lens = Lens(recording: recording, threads: 2)
        var changed = 0
        for (layer, states) in PlainLayer.layers(recording, specs).enumerated() {
            for head in 0..<recording.shape.heads {
                for query in stride(from: 299, through: 0, by: -13) {
                    let expected = Self.attention(states, method, query: query, head: head, specs: specs)
                    let place = "\(specs) \(layer).\(head): \(query)"
                    let row = try #require(lens.row(layer: layer, head: head, query: query))
                    let measured = recording.measure(\.logSumExp, layer: layer, head: head, query: query)
                    #expect(agree(try #require(measured), Float(expected.logSumExp), Self.tolerance), "\(place)")
                    #expect(agree(row.logSumExp, Float(expected.logSumExp), Self.tolerance), "\(place)")
                    let wrong = row.weights.indices.filter {
                        !agree(row.weights[$0], Float(expected.weights[$0]), Self.tolerance)
                    }
                    #expect(wrong.isEmpty, "\(place)")
                    let plain = states.attention(
                        query, head: head, visible: { PlainWindow.contains(query, $0, specs) })
                    if abs(plain.logSumExp - expected.logSumExp) > 1e-4 { changed += 1 }
                }
            }
        }
        #expect(changed > 10, "\(specs) changes \(changed) rows")
    }

    @Test(arguments: scenarios) func thePreviewOfTheFirstLayerIsExact(specs: [String]) throws {
        let preview = Lens(recording: try Sample.recording(300), scenario: try Scenario(parsing: specs), threads: 2)
        let exact = Lens(recording: try Sample.recording(300, specs), threads: 2)
        for head in 0..<4 {
            for query in stride(from: 299, through: 0, by: -31) {
                let a = try #require(preview.row(layer: 0, head: head, query: query))
                let b = try #require(exact.row(layer: 0, head: head, query: query))
                #expect(a.provenance.basis == .preview && agree(a.logSumExp, b.logSumExp, Self.tolerance))
                #expect(zip(a.weights, b.weights).allSatisfy { agree($0, $1, Self.tolerance) }, "\(specs) \(query)")
            }
        }
    }

    @Test(arguments: scenarios) func piecesAndThreadsDoNotMatter(specs: [String]) throws {
        let pieces = try Sample.recording(600, specs, chunkSize: 256, threads: 1)
        let same = try Sample.recording(600, specs, chunkSize: 256, threads: 2)
        let whole = try Sample.recording(600, specs, chunkSize: 2048)
        for token in 0..<600 {
            let a = try #require(pieces.lastHidden(of: token))
            for other in [same, whole] {
                let b = try #require(other.lastHidden(of: token))
                #expect(zip(a, b).allSatisfy { agree($0, $1, 2e-5) }, "\(specs) \(token)")
            }
        }
    }

    /// More bits come nearer to the run without compression; a cache that never fills is that run.
    @Test func moreBitsChangeLess() throws {
        let plain = try Sample.recording(300)
        func change(_ spec: String) throws -> Float {
            let run = try Sample.recording(300, [spec])
            return try (0..<300).reduce(0) { worst, token in
                let a = try #require(run.lastHidden(of: token))
                let b = try #require(plain.lastHidden(of: token))
                return zip(a, b).reduce(worst) { max($0, abs($1.0 - $1.1)) }
            }
        }
        let changes = try [2, 4, 8].map { try change("kivi:bits=\($0),group=8,residual=32") }
        #expect(changes[0] > changes[1] && changes[1] > changes[2] && changes[2] > 0)
        // A step of 8 bits is 1/255 of what a group spans.
        #expect(changes[2] < 0.05, "\(changes)")
        #expect(try change("kivi:bits=2,group=8,residual=304") <= 2e-5)
    }
}
