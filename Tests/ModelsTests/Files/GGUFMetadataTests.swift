import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels
@testable import RopewalkTokenizers

@Suite struct GGUFMetadataTests {
    /// A file with what an architecture must say, and no weights but the embedding.
    static func builder(
        _ architecture: GGUFArchitecture, leaving out: String? = nil, changing: [String: Int] = [:]
    ) -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.add("general.architecture", architecture.rawValue)
        let sizes = [
            "embedding_length": 8, "block_count": 2, "feed_forward_length": 16, "attention.head_count": 2,
            "attention.head_count_kv": 2, "context_length": 64,
        ]
        for (key, size) in sizes.merging(changing, uniquingKeysWith: { $1 }) where key != out {
            builder.add("\(architecture.rawValue).\(key)", size)
        }
        builder.add("\(architecture.rawValue).\(architecture.epsilonKey)", Float(0.5))
        addExtras(architecture, leaving: out, to: &builder)
        if out != "token_embd.weight" {
            builder.add("token_embd.weight", shape: [5, 8], Array(repeating: 1, count: 40))
        }
        return builder
    }

    /// What only some must say.
    private static func addExtras(
        _ architecture: GGUFArchitecture, leaving out: String?, to builder: inout GGUFBuilder
    ) {
        var sizes: [String: Int] = [:]
        switch architecture {
        case .commandR: builder.add("command-r.logit_scale", Float(0.5))
        case .cohere2:
            builder.add("cohere2.logit_scale", Float(0.5))
            sizes = ["attention.sliding_window": 32]
        case .gptOSS: sizes = ["attention.sliding_window": 32]
        case .mpt: builder.add("mpt.attention.max_alibi_bias", Float(8))
        case .bert:
            builder.add("position_embd.weight", shape: [64, 8], Array(repeating: 1, count: 512))
            builder.add("token_types.weight", shape: [2, 8], Array(repeating: 1, count: 16))
        case .t5, .t5encoder:
            builder.add("enc.blk.0.ffn_gate.weight", shape: [16, 8], Array(repeating: 1, count: 128))
            sizes = ["attention.relative_buckets_count": 8]
        case .gemma3n:
            builder.add("per_layer_token_embd.weight", shape: [5, 6], Array(repeating: 1, count: 30))
            builder.add("blk.0.laurel_l.weight", shape: [2, 8], Array(repeating: 1, count: 16))
            let scales = GGUFBuilder.bytes(Float(1)) + GGUFBuilder.bytes(-Float.infinity)
            builder.add(
                "gemma3n.activation_sparsity_scale", type: 9, GGUFBuilder.array(6, count: 2, scales))
            builder.add(
                "gemma3n.attention.sliding_window_pattern", type: 9, GGUFBuilder.array(7, count: 2, Data([1, 0])))
            sizes = [
                "altup.num_inputs": 4, "embedding_length_per_layer_input": 3, "attention.sliding_window": 32,
            ]
        case .mistral3:
            builder.add("mistral3.rope.scaling.type", "yarn")
            builder.add("mistral3.rope.scaling.factor", Float(4))
            sizes = ["rope.scaling.original_context_length": 64]
        case .llama4:
            sizes = [
                "expert_count": 4, "expert_used_count": 1, "expert_feed_forward_length": 16,
                "interleave_moe_layer_step": 1,
            ]
        case .deepseek2:
            sizes = [
                "expert_count": 4, "expert_used_count": 2, "expert_shared_count": 1, "expert_feed_forward_length": 6,
                "rope.dimension_count": 2, "attention.kv_lora_rank": 6, "attention.key_length": 8,
                "attention.value_length": 6, "attention.key_length_mla": 4, "attention.value_length_mla": 4,
            ]
        default: break
        }
        for (key, size) in sizes where key != out { builder.add("\(architecture.rawValue).\(key)", size) }
    }

    static func configuration(
        _ architecture: GGUFArchitecture, changing: [String: Int] = [:], _ more: (inout GGUFBuilder) -> Void = { _ in }
    ) throws -> JSONValue {
        var builder = builder(architecture, changing: changing)
        more(&builder)
        return try GGUFCheckpoint(GGUFFile(builder.data(), path: "x")).configuration
    }

    static func error(_ builder: GGUFBuilder) -> String {
        do {
            _ = try GGUFCheckpoint(GGUFFile(builder.data(), path: "x"))
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    /// Whose configurations are not named as the Llama line's.
    static let ownNames: [GGUFArchitecture] = [
        .gpt2, .bloom, .mpt, .gptneox, .falcon, .bert, .t5, .t5encoder, .modernBERT,
    ]

    @Test(arguments: GGUFArchitecture.allCases.filter { !ownNames.contains($0) })
    func sizesAreThoseOfTheFile(architecture: GGUFArchitecture) throws {
        let found = try Self.configuration(architecture, changing: ["attention.head_count_kv": 1])
        #expect(found["hidden_size"] == .integer(8) && found["num_hidden_layers"] == .integer(2))
        #expect(found["num_attention_heads"] == .integer(2) && found["intermediate_size"] == .integer(16))
        #expect(found["max_position_embeddings"] == .integer(64) && found["rope_theta"] == .number(10_000))
        let epsilons = ["rms_norm_eps", "layer_norm_eps", "norm_eps", "norm_epsilon"].compactMap { found[$0] }
        #expect(epsilons == [.number(0.5)])
        if architecture != .deepseek2 {
            #expect(found["head_dim"] == .integer(4) && found["num_key_value_heads"] == .integer(1))
        }
    }

    @Test(arguments: GGUFArchitecture.allCases) func theirFamilyReadsThem(architecture: GGUFArchitecture) throws {
        let found = try Self.configuration(architecture)
        #expect(found["vocab_size"] == .integer(5))
        let type: [GGUFArchitecture: String] = [
            .gemma3: "gemma3_text", .gemma3n: "gemma3n_text", .qwen2moe: "qwen2_moe", .qwen3moe: "qwen3_moe",
            .phi2: "phi", .commandR: "cohere",
            .gptOSS: "gpt_oss", .llama4: "llama4_text", .mistral3: "ministral3", .deepseek2: "deepseek_v2",
            .gptneox: "gpt_neox", .t5encoder: "t5", .modernBERT: "modernbert",
        ]
        #expect(found["model_type"] == .string(type[architecture] ?? architecture.rawValue))
        let untied = try Self.configuration(architecture) {
            $0.add("output.weight", shape: [5, 8], Array(repeating: 1, count: 40))
        }
        // What reads one text has no head in such files.
        if architecture != .modernBERT {
            #expect(found["tie_word_embeddings"] == .bool(true) && untied["tie_word_embeddings"] == .bool(false))
        }
        // What is checked before anything runs can be made from it.
        let shape = try Families.family(Configuration(file: "x", root: found)).traits.shape
        #expect(shape.headDimension == 4 && shape.vocabulary == 5 && shape.trainedWindow == 64)
        #expect(shape.normEpsilon == 0.5)
    }

    /// A value that is no such thing would pass for a missing one.
    @Test func valuesOfOtherTypesAreRefused() throws {
        func refused(_ architecture: GGUFArchitecture, _ key: String, _ add: (inout GGUFBuilder) -> Void) {
            var builder = Self.builder(architecture)
            add(&builder)
            #expect(Self.error(builder).contains("\(key): must be"), "\(key)")
        }
        refused(.gptneox, "gptneox.use_parallel_residual") { $0.add("gptneox.use_parallel_residual", "false") }
        refused(.llama, "llama.attention.causal") { $0.add("llama.attention.causal", 0) }
        refused(.llama, "llama.rope.scaling.type") { $0.add("llama.rope.scaling.type", true) }
        refused(.t5, "t5.decoder_start_token_id") { $0.add("t5.decoder_start_token_id", "1") }
        refused(.deepseek2, "deepseek2.expert_gating_func") { $0.add("deepseek2.expert_gating_func", Float(2)) }
        for key in ["add_bos_token", "bos_token_id", "merges", "scores", "token_type", "pre"] {
            var builder = Self.builder(.llama)
            builder.add("tokenizer.ggml.model", "gpt2")
            builder.add("tokenizer.ggml.tokens", ["a", "b", "ab"])
            builder.add("tokenizer.ggml." + key, Float(1))
            let file = try GGUFFile(builder.data(), path: "x")
            #expect(throws: TokenizerError.self, "\(key)") { try file.tokenizer() }
        }
        var builder = Self.builder(.llama)
        builder.add("tokenizer.ggml.model", "gpt2")
        builder.add("tokenizer.ggml.tokens", ["a", "b", "ab"])
        let described = try #require(try GGUFFile(builder.data(), path: "x").tokenizer())
        #expect(throws: TokenizerError.self) { try Tokenizer(gguf: described) }
    }

    /// Families ask for keys of config.json, which such a file does not have.
    @Test(arguments: [
        ("attention.head_count_kv", 3, "does not divide 2 heads"), ("block_count", 5000, "from 1 to 4096"),
        ("context_length", Int(UInt32.max), "from 1 to"),
    ])
    func whatCannotBeIsNamedAsTheFileNamesIt(key: String, value: Int, problem: String) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).gguf")
        defer { try? FileManager.default.removeItem(at: file) }
        try Self.builder(.llama, changing: [key: value]).data().write(to: file)
        do {
            _ = try ModelOutline(contentsOf: file.path)
            Issue.record("\(value) was taken for \(key)")
        } catch {
            let text = "\(error)"
            #expect(text.contains("llama.\(key): ") && text.contains(problem), "\(text)")
        }
    }

    @Test func encodersSayWhatIsNotRead() {
        var biased = Self.builder(.t5)
        biased.add("enc.blk.1.attn_rel_b.weight", shape: [8, 2], Array(repeating: 1, count: 16))
        #expect(Self.error(biased).contains("biases of each layer (UMT5) are not read"))
        var causal = Self.builder(.modernBERT)
        causal.add("modern-bert.attention.causal", true)
        #expect(Self.error(causal).contains("modern-bert.attention.causal: true is not supported"))
        var scaled = Self.builder(.modernBERT)
        scaled.add("modern-bert.rope.scaling.factor", Float(4))
        #expect(Self.error(scaled).contains("modern-bert.rope.scaling.type: is not supported"))
        var other = Self.builder(.modernBERT)
        other.add("modern-bert.hidden_activation", "relu")
        #expect(Self.error(other).contains("\"relu\" is not known; known are gelu, silu"))
        var listed = Self.builder(.modernBERT)
        listed.add("modern-bert.attention.sliding_window_pattern", type: 9, GGUFBuilder.array(7, count: 1, Data([1])))
        #expect(Self.error(listed).contains("must be a whole number from 0 on, or a list of 2 truth values"))
        let pattern = "modern-bert.attention.sliding_window_pattern"
        var others = Array(repeating: Self.builder(.modernBERT), count: 4)
        others[0].add(pattern, "x")
        others[1].add(pattern, Float(2))
        others[2].add(pattern, true)
        others[3].add(
            pattern, type: 9,
            GGUFBuilder.array(4, count: 2, GGUFBuilder.bytes(UInt32(0)) + GGUFBuilder.bytes(UInt32(1))))
        for other in others {
            #expect(Self.error(other).contains("must be a whole number from 0 on, or a list of 2 truth values"))
        }
    }

    @Test func headsMayBeWiderThanTheirShare() throws {
        let found = try Self.configuration(
            .qwen3, changing: ["attention.key_length": 16, "attention.value_length": 16])
        #expect(found["head_dim"] == .integer(16))
        let differing = Self.builder(.qwen3, changing: ["attention.key_length": 16, "attention.value_length": 8])
        #expect(Self.error(differing).contains("qwen3.attention.value_length: 8 is not the 16 of keys"))
    }

    @Test func gemmasHaveTheirOwnValues() throws {
        let second = try Self.configuration(.gemma2, changing: ["attention.sliding_window": 32]) {
            $0.add("gemma2.attn_logit_softcapping", Float(50))
            $0.add("gemma2.final_logit_softcapping", Float(30))
        }
        #expect(second["attn_logit_softcapping"] == .number(50) && second["final_logit_softcapping"] == .number(30))
        #expect(second["sliding_window"] == .integer(32) && second["query_pre_attn_scalar"] == .integer(4))
        #expect(second["hidden_activation"] == .string("gelu_pytorch_tanh"))
        let third = try Self.configuration(.gemma3, changing: ["attention.key_length": 6])
        #expect(third["attn_logit_softcapping"] == .null && third["final_logit_softcapping"] == .null)
        #expect(third["sliding_window"] == .null && third["query_pre_attn_scalar"] == .integer(6))
        #expect(third["sliding_window_pattern"] == .integer(1) && third["rope_local_base_freq"] == .number(10_000))
        let sliding = try Self.configuration(.gemma3, changing: ["attention.sliding_window": 32])
        #expect(sliding["sliding_window_pattern"] == .integer(6) && sliding["sliding_window"] == .integer(32))
        let mistral = try Self.configuration(.llama, changing: ["attention.sliding_window": 32])
        #expect(mistral["model_type"] == .string("mistral") && mistral["sliding_window"] == .integer(32))
        for (architecture, layers) in [(GGUFArchitecture.gemma2, 46), (.gemma3, 62)] {
            let sizes = ["block_count": layers, "attention.key_length": 6, "attention.value_length": 6]
            let largest = try Self.configuration(architecture, changing: sizes)
            #expect(largest["query_pre_attn_scalar"] == .integer(4) && largest["head_dim"] == .integer(6))
        }
    }

    @Test func phiMayTurnAPartOfAHead() throws {
        let found = try Self.configuration(
            .phi3,
            changing: [
                "rope.dimension_count": 2, "rope.scaling.original_context_length": 16, "attention.sliding_window": 0,
            ]
        ) {
            $0.add("phi3.rope.scaling.attn_factor", Float(1.25))
            $0.add("rope_factors_long.weight", shape: [1], [4])
            $0.add("rope_factors_short.weight", shape: [1], [1.5])
        }
        #expect(found["partial_rotary_factor"] == .number(0.5) && found["sliding_window"] == .null)
        #expect(found["original_max_position_embeddings"] == .integer(16))
        let scaling = try #require(found["rope_scaling"])
        #expect(scaling["rope_type"] == .string("longrope") && scaling["attention_factor"] == .number(1.25))
        #expect(scaling["long_factor"] == .array([.number(4)]) && scaling["short_factor"] == .array([.number(1.5)]))
    }

    @Test func scalingsAreThoseOfTheFile() throws {
        let linear = try Self.configuration(.llama) {
            $0.add("llama.rope.scaling.type", "linear")
            $0.add("llama.rope.scaling.factor", Float(8))
        }
        #expect(linear["rope_scaling"]?["rope_type"] == .string("linear"))
        #expect(linear["rope_scaling"]?["factor"] == .number(8))
        let old = try Self.configuration(.llama) { $0.add("llama.rope.scale_linear", Float(2)) }
        #expect(old["rope_scaling"]?["factor"] == .number(2))
        let yarn = try Self.configuration(.qwen2, changing: ["rope.scaling.original_context_length": 16]) {
            $0.add("qwen2.rope.scaling.type", "yarn")
            $0.add("qwen2.rope.scaling.factor", Float(4))
        }
        #expect(yarn["rope_scaling"]?["rope_type"] == .string("yarn"))
        #expect(yarn["rope_scaling"]?["original_max_position_embeddings"] == .integer(16))
        let none = try Self.configuration(.llama) { $0.add("llama.rope.scaling.type", "none") }
        #expect(none["rope_scaling"] == nil)
        var unknown = Self.builder(.llama)
        unknown.add("llama.rope.scaling.type", "spiral")
        #expect(Self.error(unknown).contains("llama.rope.scaling.type: \"spiral\" is not known"))
    }

    /// As llama.cpp reads such files.
    @Test func whatFilesLeaveOutHasItsUsualMeaning() throws {
        let factor = try Self.configuration(.llama) { $0.add("llama.rope.scaling.factor", Float(4)) }
        #expect(factor["rope_scaling"]?["rope_type"] == .string("linear"))
        #expect(factor["rope_scaling"]?["factor"] == .number(4))
        let both = try Self.configuration(.llama) {
            $0.add("llama.rope.scaling.type", "linear")
            $0.add("llama.rope.scaling.factor", Float(2))
            $0.add("rope_freqs.weight", shape: [2], [1, 3])
        }
        #expect(both["rope_scaling"]?["long_factor"] == .array([.number(2), .number(6)]))
        let caps = try Self.configuration(.gemma2)
        #expect(caps["attn_logit_softcapping"] == .number(50) && caps["final_logit_softcapping"] == .number(30))
        #expect(caps["sliding_window"] == .integer(4096))
        let experts = try Self.configuration(.llama, changing: ["expert_count": 0, "expert_used_count": 0])
        #expect(experts["model_type"] == .string("llama") && experts["num_local_experts"] == nil)
        let encoder = try Self.configuration(.llama) { $0.add("llama.attention.causal", false) }
        #expect(encoder["is_causal"] == .bool(false))
    }

    /// Of Phi-3 and EXAONE 4 there are files that do not say what all models of that size have.
    @Test func windowsThatFilesLeaveOutAreThoseOfThePublishedModels() throws {
        func window(_ architecture: GGUFArchitecture, _ blocks: Int, _ context: Int = 64) throws -> JSONValue? {
            let sizes = ["block_count": blocks, "context_length": context]
            return try Self.configuration(architecture, changing: sizes)["sliding_window"]
        }
        #expect(try window(.exaone4, 64) == .integer(4096) && window(.exaone4, 30) == .null)
        #expect(try window(.phi3, 32, 4096) == .integer(2047) && window(.phi3, 40, 4096) == .integer(2047))
        #expect(try window(.phi3, 32, 131_072) == .null && window(.phi3, 24, 4096) == .null)
        let stated = ["block_count": 64, "attention.sliding_window": 0]
        #expect(try Self.configuration(.exaone4, changing: stated)["sliding_window"] == .null)
    }

    @Test func onePeriodMayStandForAListOfLayers() throws {
        func types(_ period: Int) throws -> [String?] {
            let sizes = [
                "block_count": 4, "attention.sliding_window": 32, "attention.sliding_window_pattern": period,
            ]
            let all = try Self.configuration(.exaone4, changing: sizes)["layer_types"]?.array
            return all?.map { $0.string.map { String($0.prefix(4)) } } ?? []
        }
        #expect(try types(2) == ["slid", "full", "slid", "full"])
        #expect(try types(0) == ["slid", "slid", "slid", "slid"])
    }

    @Test func basesOfWindowedLayersAreRefusedWhereAFamilyHasOne() {
        var builder = Self.builder(.exaone4)
        builder.add("exaone4.rope.freq_base_swa", Float(500))
        #expect(Self.error(builder).contains("exaone4.rope.freq_base_swa: 500.0 beside 10000.0 is not supported"))
        #expect(Self.error(Self.builder(.gptOSS, leaving: "attention.sliding_window")).contains("is missing"))
    }

    @Test func whatWouldChangeTheResultIsRefused() throws {
        var scaled = Self.builder(.llama)
        scaled.add("llama.logit_scale", Float(0.5))
        #expect(Self.error(scaled).contains("llama.logit_scale: 0.5 changes what the model computes"))
        #expect(Self.error(Self.builder(.llama, changing: ["rope.dimension_count": 2])).contains("2 of 4"))
        var both = Self.builder(.llama)
        both.add("llama.rope.scaling.type", "yarn")
        both.add("rope_freqs.weight", shape: [2], [1, 3])
        #expect(Self.error(both).contains("beside rope_freqs.weight"))
    }

    @Test func whatTheFamiliesLackIsRefused() {
        func error(_ architecture: GGUFArchitecture, _ change: (inout GGUFBuilder) -> Void) -> String {
            var builder = Self.builder(architecture)
            change(&builder)
            return Self.error(builder)
        }
        let pattern = GGUFBuilder.array(7, count: 1, Data([1]))
        #expect(
            Self.error(Self.builder(.bloom, changing: ["attention.head_count_kv": 1])).contains("1 is not the 2 heads"))
        #expect(
            error(.granitemoe) { $0.add("granitemoe.expert_shared_feed_forward_length", 8) }.contains("every token"))
        #expect(error(.glm4) { $0.add("glm4.rope.dimension_sections", 8) }.contains("also sees"))
        #expect(error(.llama4) { $0.add("llama4.attention.sliding_window", 0) }.contains("0 (every layer sees all)"))
        #expect(
            error(.gemma3) { $0.add("gemma3.attention.sliding_window_pattern", type: 9, pattern) }.contains("list of 2")
        )
        let experts = error(.mistral3) {
            $0.add("mistral3.expert_count", 4)
            $0.add("mistral3.expert_used_count", 2)
        }
        #expect(experts.contains("with experts"))
        #expect(error(.bert) { $0.add("bert.attention.causal", true) }.contains("bert.attention.causal: true"))
        #expect(error(.deepseek2) { $0.add("deepseek2.expert_weights_norm", true) }.contains("softmax"))
        #expect(error(.stablelm) { $0.add("stablelm.rope.dimension_count", 6) }.contains("6 is more than the 4"))
        #expect(
            error(.exaone4) { $0.add("exaone4.attention.sliding_window_pattern", type: 9, pattern) }
                .contains("must be a list of 2 truth values"))
    }

    @Test func whatNothingAsksForIsSaid() throws {
        var builder = Self.builder(.llama)
        builder.add("llama.made_up", 7)
        builder.add("llama.vocab_size", 5)
        builder.add("general.name", "x")
        #expect(try GGUFCheckpoint(GGUFFile(builder.data(), path: "x")).unread == ["llama.made_up = 7"])
    }

    @Test func divisorsOfLlama3AreRecognised() throws {
        let divisors = GGUFMetadata.llama3Divisors(count: 64, base: 500_000, factor: 8, window: 8192)
        // Worked out by hand from the wavelengths 2π · 500000^(i / 64).
        #expect(divisors[0] == 1 && divisors[28] == 1 && divisors[63] == 8)
        #expect(divisors[32] > 1 && divisors[32] < 8)
        func scaling(_ divisors: [Float]) throws -> JSONValue? {
            try Self.configuration(.llama) {
                $0.add("llama.rope.freq_base", Float(500_000))
                $0.add("rope_freqs.weight", shape: [divisors.count], divisors)
            }["rope_scaling"]
        }
        let known = try scaling(divisors.map { Float($0) })
        #expect(known?["rope_type"] == .string("llama3") && known?["factor"] == .number(8))
        #expect(known?["original_max_position_embeddings"] == .integer(8192))
        let other = try scaling([1, 2, 3])
        #expect(other?["rope_type"] == .string("longrope") && other?["attention_factor"] == .number(1))
        #expect(other?["long_factor"] == .array([.number(1), .number(2), .number(3)]))
        #expect(other?["long_factor"] == other?["short_factor"])
        for bad in [Float.nan, 0, -1, .infinity] {
            var builder = Self.builder(.llama)
            builder.add("rope_freqs.weight", shape: [2], [1, bad])
            #expect(Self.error(builder).contains("rope_freqs.weight"))
        }
        // A file that was made with the formula and another window.
        let fixture = try GGUFCheckpointTests.checkpoint("small_llama3rope_Q8_0").configuration
        #expect(fixture["rope_scaling"]?["factor"] == .number(8))
        #expect(fixture["rope_scaling"]?["original_max_position_embeddings"] == .integer(128))
    }

    @Test func aListWithOneValueForEachLayerIsAllowed() throws {
        func found(_ heads: [UInt32]) -> String {
            var builder = Self.builder(.llama, leaving: "attention.head_count_kv")
            let payload = heads.reduce(Data()) { $0 + GGUFBuilder.bytes($1) }
            builder.add(
                "llama.attention.head_count_kv", type: 9, GGUFBuilder.array(4, count: heads.count, payload))
            return Self.error(builder)
        }
        #expect(found([1, 1]) == "no error")
        #expect(found([1, 2]).contains("llama.attention.head_count_kv: differs between layers"))
        #expect(found([]).contains("must be a whole number"))
        #expect(found([1]).contains("llama.attention.head_count_kv: lists 1 sizes for 2 layers"))
        #expect(found([1, 1, 1]).contains("lists 3 sizes for 2 layers"))
    }

    @Test func whatIsMissingOrWrongIsNamed() {
        for key in [
            "embedding_length", "block_count", "feed_forward_length", "attention.head_count", "context_length",
        ] {
            #expect(Self.error(Self.builder(.llama, leaving: key)) == "x: llama.\(key): is missing")
            let zero = Self.error(Self.builder(.llama, changing: [key: 0]))
            #expect(zero == "x: llama.\(key): must be a whole number from 1 on")
        }
        #expect(Self.error(Self.builder(.llama, leaving: "token_embd.weight")).contains("tensor token_embd.weight"))
        #expect(Self.error(GGUFBuilder()).contains("general.architecture: is missing"))
        var other = GGUFBuilder()
        other.add("general.architecture", "mamba")
        #expect(Self.error(other).contains("\"mamba\" is not known; known are llama, qwen2"))
    }
}
