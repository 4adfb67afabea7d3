import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// What a method changes, counted and computed once more from the recorded states.
struct ScenarioMeasuresTests {
    static let tokens = 150

    @Test(arguments: [
        ["window:size=40"], ["lambda:sink=4,window=30"], ["topk:k=7,window=16,sink=2"],
        ["quest:page=8,budget=32,dense-layers=1"], ["h2o:heavy=9,recent=17"],
        ["window:size=70", "tova:capacity=24"], ["kivi:bits=2,group=8,residual=32"],
    ])
    func measuresArePlain(specs: [String]) throws {
        let scenario = try Scenario(parsing: specs)
        let recording = try Sample.recording(Self.tokens, specs)
        let reference = try Sample.recording(Self.tokens)
        let model = try Sample.model()
        let found = ScenarioMeasures(recording, reference: reference, model: model, queries: 1000, threads: 2)
        var kept: [Double] = []
        var errors: [Double] = []
        var seen = 0
        for (layer, states) in PlainLayer.layers(recording, specs).enumerated() {
            var squares = 0.0
            for head in 0..<4 {
                let places = LayerReference(recording, specs, layer: layer, head: head)
                for query in 0..<Self.tokens {
                    let placed = places.visible(query, places.scores(query))
                    let isVisible: (Int) -> Bool = { key in
                        let chosen = recording.chosenKeys(layer: layer, head: head, query: query)
                        return placed.contains(key) && chosen?.contains(key) ?? true
                    }
                    let full = states.attention(query, head: head, visible: { _ in true })
                    var row = states.attention(query, head: head, visible: isVisible)
                    kept.append(exp(row.logSumExp - row.fullLogSumExp))
                    seen += (0...query).count(where: isVisible)
                    if let compression = scenario.compression {
                        row = CompressionRunTests.attention(
                            states, compression, query: query, head: head, specs: specs)
                    }
                    squares += pow(row.error(from: full), 2)
                }
            }
            errors.append((squares / Double(4 * Self.tokens)).squareRoot())
        }
        kept.sort()
        #expect(found.queries == Self.tokens)
        #expect(found.density == Double(seen) / Double(8 * Self.tokens * (Self.tokens + 1) / 2))
        // Means of float32 weights.
        #expect(abs(found.massKept.mean - kept.reduce(0, +) / Double(kept.count)) < 1e-5)
        #expect(abs(found.massKept.fifthPercentile - kept[kept.count / 20]) < 1e-5)
        #expect(abs(found.massKept.worst - kept[0]) < 1e-5)
        #expect(found.outputErrors.count == 2)
        #expect(zip(found.outputErrors, errors).allSatisfy { abs($0 - $1) < 1e-4 }, "\(found.outputErrors) \(errors)")
        let divergence = try Self.divergence(recording, from: reference, model: model)
        #expect(abs(try #require(found.divergence) - divergence) < 1e-5)
        #expect(divergence > 0)
    }

    /// Σ p · ln(p / q), mean over all queries.
    static func divergence(_ recording: Recording, from reference: Recording, model: Model) throws -> Double {
        func probabilities(_ run: Recording, _ query: Int) throws -> [Double] {
            let powers = try #require(model.logits(after: query, in: run)).map { exp(Double($0)) }
            return powers.map { $0 / powers.reduce(0, +) }
        }
        return try (0..<tokens).reduce(0) { sum, query in
            let p = try probabilities(reference, query)
            let q = try probabilities(recording, query)
            return sum + zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
        } / Double(tokens)
    }

    @Test func withoutAMethodNothingChanges() throws {
        let recording = try Sample.recording(Self.tokens)
        let found = ScenarioMeasures(recording, reference: recording, model: try Sample.model(), queries: 40)
        #expect(found.density == 1 && found.queries == 40)
        #expect(found.massKept.mean == 1 && found.massKept.fifthPercentile == 1 && found.massKept.worst == 1)
        #expect(found.outputErrors == [0, 0])
        // Sums of float64 over 64 logits.
        #expect(try #require(found.divergence) < 1e-12)
        #expect(
            ScenarioMeasures(recording, reference: nil, model: try Sample.model(), queries: 3).divergence == nil)
    }

    @Test func costsAreCounted() throws {
        let shape = try Sample.model().shape
        let (n, d, layers) = (Self.tokens, Double(shape.headDimension), Double(shape.layers))
        func cost(_ specs: String...) throws -> MethodCost {
            MethodCost(try Scenario(parsing: specs), model: shape, tokens: n)
        }
        func flops(_ isVisible: (Int, Int) -> Bool) -> Double {
            let pairs = (0..<n).reduce(0) { sum, query in sum + (0...query).count { isVisible(query, $0) } }
            return 4 * d * Double(pairs) * layers * Double(shape.heads)
        }
        // Keys and values of 4 bytes.
        func bytes(_ keys: Int) -> Double { 8 * d * Double(keys) * layers * Double(shape.keyValueHeads) }
        let plain = try cost()
        #expect(plain == MethodCost(flops: flops { _, _ in true }, kvBytes: bytes(n)))
        #expect(try cost("pi:factor=4") == plain)
        #expect(try cost("window:size=40") == MethodCost(flops: flops { $0 - $1 < 40 }, kvBytes: bytes(40)))
        #expect(
            try cost("window:size=40", "lambda:sink=4,window=30")
                == MethodCost(
                    flops: flops { $0 - $1 < 40 && ($0 - $1 < 30 || $1 < 4) }, kvBytes: min(bytes(40), bytes(34))))
        let kivi = try cost("kivi:bits=2,group=10,residual=50")
        #expect(kivi.flops == plain.flops)
        // 150 keys and 100 values of 2 bits with a scale and a zero for every 10 numbers; 50 values of 4 bytes.
        let rows = (150 + 100) * (d / 4 + 2 * 4 * d / 10) + 50 * d * 4
        #expect(abs(kivi.kvBytes - rows * layers * Double(shape.keyValueHeads)) < 1e-6)
    }
}
