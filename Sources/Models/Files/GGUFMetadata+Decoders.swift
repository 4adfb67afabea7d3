import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// What architectures of the Llama line's names have of their own.
    func decoder() throws(ModelError) -> [JSONValue.Member] {
        switch architecture {
        case .starcoder2:
            // llama.cpp's conversion leaves the window of the published models out.
            return try [
                member("hidden_act", .string("gelu_pytorch_tanh")), member("use_bias", has("attn_q.bias")), window(),
            ]
        case .stablelm:
            return try [
                member("hidden_act", .string("silu")), member("use_qkv_bias", has("attn_q.bias")),
                member("qk_layernorm", has("attn_q_norm.weight")),
                member("use_parallel_residual", .bool(file.tensors["blk.0.ffn_norm.weight"] == nil)), turningPart(),
            ]
        case .nemotron:
            return try [
                member("hidden_act", .string("relu2")), member("attention_bias", has("attn_q.bias")),
                member("mlp_bias", has("ffn_up.bias")), turningPart(),
            ]
        case .phi2:
            return try [
                member("hidden_act", .string("gelu_new")), member("qk_layernorm", has("attn_q_norm.weight")),
                turningPart(),
            ]
        case .commandR, .cohere2: return try cohere()
        case .glm4:
            if value("rope.dimension_sections") != nil {
                throw problem("rope.dimension_sections", say("a GLM-4 that also sees is not supported"))
            }
            return try [
                member("hidden_act", .string("silu")), member("attention_bias", has("attn_q.bias")), turningPart(),
            ]
        case .exaone4: return try [member("hidden_act", .string("silu")), window()] + layerTypes()
        case .gptOSS: return try gptOSS()
        case .llama4: return try llama4()
        case .olmo:
            let clip = try number("attention.clamp_kqv") ?? 0
            return [
                member("hidden_act", .string("silu")), member("attention_bias", has("attn_q.bias")),
                member("clip_qkv", clip == 0 ? .null : .number(clip)),
            ]
        case .gemma3n: return try gemma3n()
        case .mistral3:
            guard try count("expert_count") == nil else {
                throw problem("expert_count", say("a Mistral 3 with experts is not supported"))
            }
            return try [member("hidden_act", .string("silu")), window()]
        default: return []
        }
    }

    private func cohere() throws(ModelError) -> [JSONValue.Member] {
        guard let scale = try number("logit_scale") else { throw problem("logit_scale", say("is missing")) }
        let members = [
            member("hidden_act", .string("silu")), member("logit_scale", .number(scale)),
            member("attention_bias", has("attn_q.bias")),
        ]
        guard architecture == .cohere2 else { return members + [member("use_qk_norm", has("attn_q_norm.weight"))] }
        let pattern = value("attention.sliding_window_pattern")?.integer ?? 4
        return try members + [window(), member("sliding_window_pattern", .integer(pattern))] + layerTypes()
    }

    private func gptOSS() throws(ModelError) -> [JSONValue.Member] {
        var members = try [window(), member("attention_bias", has("attn_q.bias"))] + layerTypes()
        if try rope().isEmpty {
            members.append(member("rope_scaling", .object([.init(key: "rope_type", value: .string("default"))])))
        }
        return members
    }

    private func llama4() throws(ModelError) -> [JSONValue.Member] {
        guard value("attention.sliding_window")?.integer != 0 else {
            throw problem(
                "attention.sliding_window", say("0 (every layer sees all) is not supported in this architecture"))
        }
        let experts = try required("expert_count")
        // The sizes of chunks and of what lets queries grow no file says: those of all models so far.
        return try [
            member("hidden_act", .string("silu")),
            member("attention_bias", has("attn_q.bias")),
            member("intermediate_size_mlp", .integer(required("feed_forward_length"))),
            member("interleave_moe_layer_step", .integer(required("interleave_moe_layer_step"))),
            // Of the published ones only that with 128 experts (Maverick) has no norm of queries and keys.
            member("use_qk_norm", .bool(experts != 128)),
        ] + layerTypes()
    }

    /// OLMo 3, whose windowed layers have angles that are not scaled.
    func olmo3() throws(ModelError) -> [JSONValue.Member] {
        let base = try number("rope.freq_base") ?? 10_000
        func settings(_ base: Double, _ scaling: JSONValue?) -> JSONValue {
            let members = scaling?.members ?? [member("rope_type", .string("default"))]
            return .object(members + [member("rope_theta", .number(base))])
        }
        let parameters = [
            member("full_attention", settings(base, try rope().first)),
            member("sliding_attention", settings(try number("rope.freq_base_swa") ?? base, nil)),
        ]
        return try [
            member("hidden_act", .string("silu")), member("attention_bias", has("attn_q.bias")), window(),
            member("rope_parameters", .object(parameters)),
        ] + layerTypes()
    }
}
