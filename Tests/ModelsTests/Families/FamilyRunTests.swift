import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// How a text is cut into chunks and who computes does not show in what a run leaves behind, whatever the family.
struct FamilyRunTests {
    static let names =
        [
            "bloom", "gemma2", "gemma3", "gpt_neox", "gpt_neox_sequential", "llama_dynamic", "llama_llama3",
            "llama_longrope_long", "llama_yarn_mscale", "mistral", "mixtral", "mpt", "phi3_longrope", "qwen2_sliding",
            "qwen3_bias_yarn", "cohere", "cohere2", "exaone4", "falcon", "falcon_heads", "glm4", "gpt_oss", "gptj",
            "granitemoe", "nemotron", "olmo3", "phi_normed", "qwen2_moe", "deepseek_v2", "llama4", "ministral3",
            "smollm3",
            "stablelm_parallel", "starcoder2", "xlnet_uni",
        ] + GoldenFixture.recurrent

    private func recording(_ model: Model, tokens: Int, chunkSize: Int?, threads: Int) throws -> Recording {
        let ids = (0..<tokens).map { Int32(($0 * $0 * 7 + $0 * 31) % model.shape.vocabulary) }
        return try Recorder(model: model, threads: threads, chunkSize: chunkSize).record(ids)
    }

    /// A library may take other kernels for other numbers of rows: sums in another order, some 1e-6 of the largest.
    private func compare(_ a: Recording, _ b: Recording, _ name: String) {
        func agree(_ x: [Float], _ y: [Float], size: Float = 1) -> Bool {
            let largest = y.reduce(size) { $1.isFinite ? max($0, abs($1)) : $0 }
            return x.count == y.count
                && zip(x, y).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN || abs($0 - $1) <= 2e-5 * largest }
        }
        #expect(agree(a.chunks.flatMap(\.lastHidden), b.chunks.flatMap(\.lastHidden)), "\(name)")
        #expect(agree(a.negativeLogLikelihood, b.negativeLogLikelihood), "\(name)")
        for layer in 0..<a.shape.layers {
            for head in 0..<a.shape.heads {
                for measure in [\AttentionSummary.logSumExp, \.entropy, \.distance, \.sink, \.previous, \.induction] {
                    func values(_ recording: Recording) -> [Float] {
                        (0..<recording.tokens).map {
                            recording.measure(measure, layer: layer, head: head, query: $0) ?? .nan
                        }
                    }
                    // A distance is a difference of places, so that its error is that of places.
                    let size: Float = measure == \.distance ? Float(a.tokens) : 1
                    #expect(agree(values(a), values(b), size: size), "\(name) \(layer).\(head)")
                }
            }
        }
    }

    @Test(arguments: names) func chunksAndThreadsDoNotMatter(name: String) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        #expect(model.traits.limit == nil)
        let whole = try recording(model, tokens: 600, chunkSize: 1024, threads: 1)
        let chunks = try recording(model, tokens: 600, chunkSize: 256, threads: 2)
        #expect(whole.chunks.count == 1 && chunks.chunks.count == 3)
        compare(chunks, whole, name)
    }

    /// All others have too few places for two chunks, or read a text at once.
    @Test(arguments: [
        "gpt2", "gpt2_inverse_layer", "opt_narrow", "bert", "big_bird_full", "electra", "modernbert", "roberta", "bart",
        "mbart", "pegasus", "switch_transformers", "t5", "xlnet",
    ])
    func threadsDoNotMatter(
        name: String
    ) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let tokens = min(model.traits.limit ?? 300, 300)
        let ids = (0..<tokens).map { Int32(($0 * $0 * 7 + $0 * 31) % model.shape.vocabulary) }
        let one = try Recorder(model: model, threads: 1).record(ModelInputs(ids: ids))
        let two = try Recorder(model: model, threads: 2).record(ModelInputs(ids: ids))
        #expect(one.kinds == model.kinds && two.kinds == model.kinds)
        for kind in one.kinds { compare(try #require(one[kind]), try #require(two[kind]), "\(name) \(kind)") }
    }

    /// What files leave out is what they would hold, here as bfloat16.
    @Test func sinusoidsAreThoseOfTheFile() throws {
        let checkpoint = try CheckpointFiles(folder: Fixture.path("hf/pegasus"))
        let stored = try Weights(checkpoint).values("model.encoder.embed_positions.weight", shape: [40, 24])
        let found = BART.sinusoids(rows: 40, columns: 24)
        #expect(found.count == stored.count && zip(found, stored).allSatisfy { abs($0 - $1) <= 0.004 })
    }

    /// Learned places end somewhere.
    @Test(arguments: ["gpt2", "opt", "bert", "roberta", "bart", "mbart", "pegasus"]) func textsThatAreTooLongAreRefused(
        name: String
    ) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let limit = try #require(model.traits.limit)
        let recorder = Recorder(model: model, threads: 1)
        #expect(try recorder.record(Array(repeating: 3, count: limit)).tokens == limit)
        #expect(throws: ModelError.tooLong(tokens: limit + 1, limit: limit)) {
            try recorder.record(Array(repeating: 3, count: limit + 1))
        }
    }

    @Test(arguments: ["bloom", "gpt2", "bert", "t5"]) func whatTurnsNothingTakesNoRotaryMethod(name: String) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let recorder = Recorder(model: model, scenario: try Scenario(parsing: ["pi:factor=2"]), threads: 1)
        #expect(throws: ModelError.self) { try recorder.record([1, 2, 3]) }
    }

    @Test func inputsMustFitTheModel() throws {
        func problem(_ name: String, _ inputs: ModelInputs) throws -> String {
            let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
            do {
                _ = try Recorder(model: model, threads: 1).record(inputs)
                return "none"
            } catch ModelError.input(let input, _) {
                return input
            } catch ModelError.token(let id, let place, _) {
                return "\(id) at \(place)"
            }
        }
        let ids: [Int32] = [1, 2, 3]
        #expect(try problem("llama_default", ModelInputs(ids: ids, decoderIDs: ids)) == "decoder_input_ids")
        #expect(try problem("bert", ModelInputs(ids: ids, decoderIDs: ids)) == "decoder_input_ids")
        #expect(try problem("bart", ModelInputs(ids: ids, decoderIDs: [1, 64])) == "64 at 1")
        #expect(try problem("bart", ModelInputs(ids: ids, decoderIDs: [1])) == "none")
        #expect(try problem("llama_default", ModelInputs(ids: ids, present: [true, true, false])) == "attention_mask")
        #expect(try problem("bert", ModelInputs(ids: ids, present: [true, true])) == "attention_mask")
        #expect(try problem("bert", ModelInputs(ids: ids, present: [true, true, false])) == "none")
        #expect(try problem("bert", ModelInputs(ids: ids, present: [false, false, false])) == "none")
        #expect(try problem("llama_default", ModelInputs(ids: ids, types: [0, 0, 0])) == "token_type_ids")
        #expect(try problem("bert", ModelInputs(ids: ids, types: [0, 1, 2])) == "token_type_ids")
        #expect(try problem("bert", ModelInputs(ids: ids, types: [0, -1, 1])) == "token_type_ids")
        #expect(try problem("bert", ModelInputs(ids: ids, types: [0, 1])) == "token_type_ids")
        #expect(try problem("xlnet", ModelInputs(ids: ids, types: [1, 1, 1])) == "none")
        #expect(try problem("xlnet", ModelInputs(ids: ids, types: [0, 0, 2])) == "token_type_ids")
        #expect(try problem("xlnet", ModelInputs(ids: ids, types: [0, 0])) == "token_type_ids")
        #expect(try problem("bert", ModelInputs(ids: ids, globals: [0])) == "global_attention_mask")
        #expect(try problem("big_bird", ModelInputs(ids: ids, globals: [0])) == "global_attention_mask")
        #expect(try problem("longformer", ModelInputs(ids: ids, globals: [0])) == "none")
        #expect(try problem("longformer", ModelInputs(ids: ids, globals: [3])) == "global_attention_mask")
    }
}
