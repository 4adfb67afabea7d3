import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkKernels
@testable import RopewalkModels

/// Recordings in half precision: what is near, what is exact, what is refused, what they take.
@Suite struct RoundedRecordingTests {
    private static let ids = (0..<1300).map { Int32($0 * 31 % 53 + 2) }

    private static func model(_ name: String = "llama_default") throws -> Model {
        try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
    }

    private static func isNear(_ exact: [Float], _ near: [Float]) -> Bool {
        exact.count == near.count
            && zip(exact, near).allSatisfy { abs($0 - $1) <= max(abs($0) * 0x1p-11, 0x1p-25) }
    }

    /// Each query, key and value is within 2⁻¹¹; what the run computed itself is the same to the bit.
    @Test(arguments: ["llama_default", "bert", "t5", "longformer"])
    func keepsStatesNearAndTheRestExact(_ name: String) throws {
        let model = try Self.model(name)
        let inputs = ModelInputs(ids: Array(Self.ids.prefix(40)))
        let exact = try Recorder(model: model, threads: 2).record(inputs)
        let near = try Recorder(model: model.recorded(in: .half), threads: 2).record(inputs)
        #expect(exact.kinds == near.kinds)
        for kind in exact.kinds {
            let (one, other) = (try #require(exact[kind]), try #require(near[kind]))
            #expect(!one.isRounded && other.isRounded)
            #expect(
                one.negativeLogLikelihood.map(\.bitPattern) == other.negativeLogLikelihood.map(\.bitPattern))
            for (a, b) in zip(one.chunks, other.chunks) {
                #expect(a.lastHidden == b.lastHidden)
                for (x, y) in zip(a.layers, b.layers) {
                    #expect(Self.isNear(x.queries.floats, y.queries.floats))
                    #expect(Self.isNear(x.keys?.keys.floats ?? [], y.keys?.keys.floats ?? []))
                    #expect(Self.isNear(x.keys?.values.floats ?? [], y.keys?.values.floats ?? []))
                    #expect(
                        x.attention.logSumExp == y.attention.logSumExp
                            && x.attention.pooledMass == y.attention.pooledMass)
                }
            }
            for (a, b) in zip(one.crossKeys, other.crossKeys) {
                #expect(Self.isNear(a.keys.floats, b.keys.floats) && Self.isNear(a.values.floats, b.values.floats))
            }
        }
    }

    /// What is stated before a run is what its recording and caches take, within 5 %; in half precision more tokens fit.
    @Test(arguments: RecordingPrecision.allCases)
    func takesTheMemoryThatIsStated(_ precision: RecordingPrecision) throws {
        let model = try Self.model().recorded(in: precision)
        // Whole tiles: the last one of a text is as large as the others.
        let ids = Array(Self.ids.prefix(1280))
        let recording = try Recorder(model: model, threads: 2).record(ids)
        let size = RecordingSize(model: model.traits, scenario: .plain, tokens: ids.count)
        // Turned keys of 2 heads x 10 and values of 2 x 16 in two layers, and the angles, lie beside it.
        let caches = 4 * Double(ids.count) * (2 * Double(20 + 32) + Double(model.traits.ropes[0].dimensions))
        let taken = Double(Self.bytes(recording)) + caches
        #expect(abs(taken - size.bytes) < 0.05 * size.bytes, "\(taken) \(size.bytes)")
        let exact = RecordingSize(model: model.recorded(in: .single).traits, scenario: .plain, tokens: 1 << 20)
        let here = RecordingSize(model: model.traits, scenario: .plain, tokens: 1 << 20)
        let fitting = { (size: RecordingSize) in MemoryRoom(size: size).tokens(1 << 20, available: 200_000_000) }
        #expect(precision == .single ? fitting(here) == fitting(exact) : fitting(here) > fitting(exact))
    }

    /// Of what a run leaves behind, arrays alone.
    private static func bytes(_ recording: Recording) -> Int {
        recording.chunks.reduce(0) { sum, chunk in
            chunk.layers.reduce(sum + 4 * (chunk.lastHidden.count + chunk.negativeLogLikelihood.count)) { sum, layer in
                let attention = layer.attention
                let measures = [
                    attention.logSumExp, attention.entropy, attention.distance, attention.sink, attention.previous,
                    attention.induction, attention.pooledMass, attention.pooledMaximum, attention.threshold,
                ]
                return sum + layer.queries.bytes + (layer.keys.map { $0.keys.bytes + $0.values.bytes } ?? 0)
                    + 4 * (measures.reduce(0) { $0 + $1.count } + attention.topKey.count + attention.lastTie.count)
            }
        }
    }

    /// Rounded keys are none to go on with: a stopped run begins anew, and nothing is taken over by another text's.
    @Test func beginsAnew() throws {
        let recorder = Recorder(model: try Self.model().recorded(in: .half), threads: 2)
        var stopped: Recordings?
        #expect(throws: ModelError.cancelled) {
            try recorder.record(ModelInputs(ids: Self.ids)) {
                stopped = $0
                return false
            }
        }
        let part = try #require(stopped)
        var first: Int?
        _ = try recorder.record(ModelInputs(ids: Self.ids), after: part) {
            first = first ?? $0.main?.tokens
            return true
        }
        #expect(first == part.main?.tokens)
        #expect(recorder.shared(of: part, with: ModelInputs(ids: Self.ids)) == nil)
    }

    /// Methods whose choice depends on exact keys are refused by name.
    @Test(arguments: ["topk:k=4", "h2o", "kivi"])
    func refusesWhatChooses(_ spec: String) throws {
        let model = try Self.model().recorded(in: .half)
        let scenario = try Scenario(parsing: [spec])
        let error = #expect(throws: ModelError.self) {
            try Recorder(model: model, scenario: scenario, threads: 2).record(Array(Self.ids.prefix(40)))
        }
        #expect(error?.description.contains("an f16 recording has not: record in f32") == true)
        #expect(error?.description.hasPrefix(String(spec.prefix { $0 != ":" })) == true)
    }
}
