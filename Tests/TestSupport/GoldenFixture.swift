import RopewalkFormats

/// A small model whose outputs the reference implementation computed in float64 from the same weights.
package struct GoldenFixture: Sendable {
    package static let decoders =
        [
            "bloom", "gemma2", "gemma2_bf16", "gemma3", "gpt2", "gpt2_base", "gpt2_inverse_layer", "gpt_neox",
            "gpt_neox_sequential", "llama_bf16", "llama_bf16_sharded", "llama_bias", "llama_default", "llama_dynamic",
            "llama_dynamic_short", "llama_f16", "llama_linear", "llama_llama3", "llama_longrope_cross",
            "llama_longrope_factor", "llama_longrope_long", "llama_longrope_short", "llama_mha_wide", "llama_mqa",
            "llama_sharded", "llama_tied", "llama_yarn", "llama_yarn_mscale", "llama_yarn_past_window", "mistral",
            "mixtral", "mpt", "phi3", "phi3_longrope", "qwen2", "qwen2_sliding", "qwen3", "qwen3_bias_yarn",
        ] + laterDecoders + recurrent
    /// Those of make_families.py.
    private static let laterDecoders = [
        "cohere", "cohere2", "deepseek_v2", "deepseek_v3", "exaone4", "exaone4_full", "falcon", "falcon_heads",
        "falcon_multi_query", "gemma", "gemma3_multimodal", "gemma3n", "glm4",
        "gpt_oss", "gptj", "granite", "granitemoe", "llama4", "ministral", "ministral3", "nemotron", "olmo", "olmo2",
        "olmo3", "opt",
        "opt_narrow", "phi", "phi_normed", "qwen2_moe", "qwen3_moe", "reformer", "reformer_learned", "smollm3",
        "stablelm", "stablelm_parallel",
        "starcoder2", "xlnet_uni",
    ]
    /// With a state that goes from token to token in some layers or in all.
    package static let recurrent = ["bamba", "mamba", "mamba2", "rwkv"]
    package static let encoders = [
        "bert", "bert_base", "big_bird", "big_bird_full", "big_bird_rand2", "distilbert", "electra", "longformer",
        "modernbert", "roberta", "xlm_roberta", "xlnet",
    ]
    /// Encoders with decoders.
    package static let pairs = ["bart", "mbart", "pegasus", "switch_transformers", "t5", "t5_v11"]
    package static var all: [String] { decoders + encoders + pairs }

    package let name: String
    package let folder: String
    package let manifest: JSONValue
    package let expected: SafetensorsFile

    package init(_ name: String) throws { try self.init(folder: Fixture.path("hf/\(name)")) }

    package init(folder: String) throws {
        name = folder.split(separator: "/").last.map { String($0) } ?? ""
        self.folder = folder
        manifest = try JSONDocument(contentsOf: folder + "/manifest.json").root
        expected = try SafetensorsFile(contentsOf: folder + "/expected.safetensors")
    }

    /// The tensors that an engine has to give.
    package var required: [String] { manifest["check"]?.array?.compactMap(\.string) ?? [] }

    package func has(_ tensor: String) -> Bool { expected.tensors[tensor] != nil }

    package func floats(_ tensor: String) throws -> [Float] { try expected.floats(tensor) }

    package func integers(_ tensor: String) throws -> [Int] {
        let isLong = expected.tensors[tensor]?.type == .i64
        return try expected.withBytes(of: tensor) { bytes in
            stride(from: 0, to: bytes.count, by: isLong ? 8 : 4).map {
                isLong
                    ? Int(bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
                    : Int(bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self))
            }
        }
    }

    package func ids(_ tensor: String = "input_ids") throws -> [Int32] { try integers(tensor).map { Int32($0) } }

    /// The largest error as a share of the tolerance that the reference states for such tensors, 16 times the error of
    /// float32 in the reference implementation; infinity for NaN and for other sizes.
    package func error(_ found: [Float], in tensor: String) throws -> Double {
        let group = manifest["tensors"]?[tensor]?["group"]?.string ?? "hidden_states"
        let tolerance = manifest["tolerances"]?["f32"]?[group]
        guard let absolute = tolerance?["atol"]?.number, let relative = tolerance?["rtol"]?.number else {
            return .infinity
        }
        let expected = try floats(tensor)
        guard found.count == expected.count else { return .infinity }
        var worst = 0.0
        for (a, b) in zip(found, expected) {
            let error = abs(Double(a) - Double(b)) / (absolute + relative * abs(Double(b)))
            worst = max(worst, error.isNaN ? .infinity : error)
        }
        return worst
    }
}

extension SafetensorsFile {
    /// The numbers of a tensor of float32.
    package func floats(_ name: String) throws -> [Float] {
        try withBytes(of: name) { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
        }
    }
}
