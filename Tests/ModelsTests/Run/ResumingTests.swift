import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// A run that was stopped, and went on, has to leave behind what a run leaves behind that nobody stopped.
struct ResumingTests {
    private static let ids = (0..<1300).map { Int32($0 * 31 % 53 + 2) }

    /// All numbers of a recording, as bits.
    static func bits(_ recording: Recording?) -> [[UInt32]] {
        var numbers: [[Float]] = []
        var keys: [[UInt32]] = []
        for chunk in recording?.chunks ?? [] {
            numbers += [chunk.lastHidden.array, chunk.negativeLogLikelihood.array]
            for layer in chunk.layers {
                let attention = layer.attention
                numbers += [layer.keys?.keys.floats ?? [], layer.keys?.values.floats ?? [], layer.queries.floats]
                let measures = [
                    attention.logSumExp, attention.entropy, attention.distance, attention.sink, attention.previous,
                    attention.induction, attention.threshold, attention.pooledMass, attention.pooledMaximum,
                ]
                numbers += measures.map(\.array)
                numbers += [layer.router?.weights ?? []]
                if let mixer = layer.mixer {
                    numbers += [mixer.steps.floats, mixer.inputs.floats, mixer.writes.floats, mixer.reads.floats]
                    numbers += [mixer.end.state, mixer.end.earlier, mixer.end.feedForward]
                }
                keys.append(attention.topKey.map { UInt32(bitPattern: $0) })
            }
        }
        return numbers.map { $0.map(\.bitPattern) } + keys
    }

    private static func recordings(
        _ name: String, _ specs: [String], after stopped: Recordings? = nil, stoppingAfter chunks: Int = .max
    ) throws -> Recordings {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let recorder = Recorder(
            model: model, scenario: specs.isEmpty ? nil : try Scenario(parsing: specs), threads: 2)
        var last: Recordings?
        do {
            return try recorder.record(ModelInputs(ids: Self.ids), after: stopped) {
                last = $0
                return ($0.decoder?.chunks.count ?? 0) < chunks
            }
        } catch ModelError.cancelled {
            return try #require(last)
        }
    }

    /// Of every kind of state that grows from chunk to chunk: keys turned in several ways, choices of selectors that
    /// remember, compressed caches, shared keys, experts with room for so many tokens, an encoder that is read, states of recurrent mixers.
    @Test(arguments: [
        ("llama_default", []), ("llama_default", ["rerope:window=64"]), ("llama_default", ["window:size=300"]),
        ("llama_default", ["topk:k=20"]), ("llama_default", ["h2o:heavy=32,recent=32"]), ("llama_default", ["kivi"]),
        ("gemma3n", []), ("qwen3_moe", []), ("deepseek_v2", []), ("gemma2", []), ("t5", []),
        ("switch_transformers", []), ("mamba", []), ("mamba2", []), ("bamba", []), ("rwkv", []),
    ])
    func goesOnAsIfItHadNotBeenStopped(name: String, specs: [String]) throws {
        let whole = try Self.recordings(name, specs)
        let stopped = try Self.recordings(name, specs, stoppingAfter: 1)
        #expect(stopped.main?.tokens == 512)
        let resumed = try Self.recordings(name, specs, after: stopped)
        for kind in whole.kinds {
            #expect(Self.bits(resumed[kind]) == Self.bits(whole[kind]))
            #expect(resumed[kind]?.chunks.map(\.tokens) == whole[kind]?.chunks.map(\.tokens))
        }
    }

    @Test func doesNotReadAgainWhatIsRecorded() throws {
        let stopped = try Self.recordings("llama_default", [], stoppingAfter: 2)
        var seen: [Int] = []
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        _ = try Recorder(model: model, threads: 2).record(ModelInputs(ids: Self.ids), after: stopped) {
            seen.append($0.main?.tokens ?? 0)
            return true
        }
        #expect(seen == [1300])
    }

    @Test func otherWorkBeginsAnew() throws {
        let stopped = try Self.recordings("llama_default", [], stoppingAfter: 1)
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        func first(_ ids: [Int32], _ specs: [String]) throws -> Int? {
            var seen: Int?
            let scenario = specs.isEmpty ? nil : try Scenario(parsing: specs)
            _ = try Recorder(model: model, scenario: scenario, threads: 2).record(ModelInputs(ids: ids), after: stopped)
            {
                seen = seen ?? $0.main?.tokens
                return true
            }
            return seen
        }
        #expect(try first(Self.ids.dropLast() + [3], []) == 512)
        #expect(try first(Self.ids, ["window:size=300"]) == 512)
        #expect(try first(Self.ids, []) == 1024)
    }

    /// What is recorded already is no memory that has to be found.
    @Test func askForTheMemoryOfTheRestOnly() throws {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let size = RecordingSize(model: model.traits, scenario: .plain, tokens: 1300)
        #expect(size.bytes(after: 0) == size.bytes)
        // Two layers: turned keys of 2 heads x 10, values of 2 x 16 are made again.
        #expect(size.bytes(after: 100) == size.bytes - 100 * (size.bytesPerToken - 4 * 2 * (20 + 32)))
    }
}
