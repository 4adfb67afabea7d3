import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// What the architectures of newer families have of their own.
    func later() throws(ModelError) -> [JSONValue.Member] {
        let plain = [member("hidden_act", .string("silu")), member("attention_bias", has("attn_q.bias"))]
        switch architecture {
        case .gemma: return [member("hidden_act", .string("gelu_pytorch_tanh"))]
        case .olmo2:
            return plain
        case .granite: return try plain + granite() + [member("mlp_bias", has("ffn_up.bias"))]
        case .granitemoe:
            guard try count("expert_shared_feed_forward_length") == nil else {
                throw problem(
                    "expert_shared_feed_forward_length", say("an expert that works for every token is not supported"))
            }
            return try plain + granite()
        case .qwen2moe: return try [member("hidden_act", .string("silu"))] + experts(normalises: false)
        case .qwen3moe: return try plain + experts(normalises: true)
        // Which layers turn nothing no file says: every fourth of all models so far.
        case .smollm3: return plain
        default: return []
        }
    }

    /// Granite's factors; a scale of scores of 0 means that of the heads' dimension.
    private func granite() throws(ModelError) -> [JSONValue.Member] {
        let stated = try number("attention.scale") ?? 0
        let scale = stated == 0 ? 1 / Double(try headDimension()).squareRoot() : stated
        var members = [member("attention_multiplier", .number(scale))]
        for (key, name) in [
            ("embedding_multiplier", "embedding_scale"), ("residual_multiplier", "residual_scale"),
            ("logits_scaling", "logit_scale"),
        ] {
            if let factor = try number(name), factor != 0 { members.append(member(key, .number(factor))) }
        }
        return members
    }

    /// The sizes of Qwen's experts, which older files show in their tensors alone.
    private func experts(normalises: Bool) throws(ModelError) -> [JSONValue.Member] {
        var members = [
            member("norm_topk_prob", .bool(normalises)), member("use_sliding_window", .bool(false)),
        ]
        func add(_ key: String, _ name: String, _ tensor: String, axis: Int) throws(ModelError) {
            let shape = file.tensors["blk.0.\(tensor).weight"]?.shape ?? []
            let shown = shape.indices.contains(axis) ? shape[axis] : nil
            if let size = try size(name) ?? shown { members.append(member(key, .integer(size))) }
        }
        try add("moe_intermediate_size", "expert_feed_forward_length", "ffn_gate_exps", axis: 1)
        try add(
            "shared_expert_intermediate_size", "expert_shared_feed_forward_length", "ffn_gate_shexp", axis: 0)
        return members
    }
}
