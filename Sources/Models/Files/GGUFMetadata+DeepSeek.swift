import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// Whether experts are scored one by one, as from the third generation on.
    var isThirdDeepSeek: Bool {
        if let function = value("expert_gating_func")?.integer { return function == 2 }
        return file.tensors.keys.contains { $0.hasSuffix(".exp_probs_b.bias") }
    }

    /// DeepSeek-V2 and V3; files have the heads as they are, or as one head of the narrow state that keys and values are made of.
    func deepseek() throws(ModelError) -> [JSONValue.Member] {
        guard try number("attention.temperature_scale") ?? 0 == 0 else {
            throw problem("attention.temperature_scale", say("is not supported in this architecture"))
        }
        let turned = try required("rope.dimension_count")
        let key = try length("key_length")
        guard key > turned else {
            throw problem("rope.dimension_count", say("\(turned) is not below the \(key) dimensions of a head"))
        }
        let value = try length("value_length")
        let queryRank = try count("attention.q_lora_rank")
        return try sizes() + experts() + scaling() + [
            member("hidden_act", .string("silu")),
            member("rms_norm_eps", .number(epsilon())),
            member("num_key_value_heads", .integer(heads())),
            member("kv_lora_rank", .integer(required("attention.kv_lora_rank"))),
            member("q_lora_rank", queryRank.map { .integer($0) } ?? .null),
            member("qk_rope_head_dim", .integer(turned)),
            member("qk_nope_head_dim", .integer(key - turned)),
            member("v_head_dim", .integer(value)),
        ]
    }

    /// Dimensions of a head, which newer files name apart from those of the narrow state.
    private func length(_ name: String) throws(ModelError) -> Int {
        let whole = try required("attention.\(name)")
        return try size("attention.\(name)_mla") ?? whole
    }

    private func experts() throws(ModelError) -> [JSONValue.Member] {
        let experts = try required("expert_count")
        var members = [
            member("n_routed_experts", .integer(experts)),
            member("n_shared_experts", .integer(try required("expert_shared_count"))),
            member("moe_intermediate_size", .integer(try required("expert_feed_forward_length"))),
            member("first_k_dense_replace", .integer(value("leading_dense_block_count")?.integer ?? 0)),
            member("routed_scaling_factor", .number(try number("expert_weights_scale") ?? 1)),
        ]
        let normalises = value("expert_weights_norm")?.bool ?? false
        if isThirdDeepSeek {
            members.append(member("norm_topk_prob", .bool(normalises)))
        } else if normalises {
            throw problem("expert_weights_norm", say("true is not supported beside a softmax over all experts"))
        }
        // Older files do not say the groups; the numbers of experts of the published models do.
        let standard: (count: Int, kept: Int) = experts == 256 ? (8, 4) : experts == 160 ? (8, 3) : (1, 1)
        let groups = try count("expert_group_count") ?? standard.count
        let kept = try count("expert_group_used_count") ?? min(groups, standard.kept)
        let method = isThirdDeepSeek ? "noaux_tc" : groups > 1 ? "group_limited_greedy" : "greedy"
        return members + [
            member("n_group", .integer(groups)), member("topk_group", .integer(kept)),
            member("topk_method", .string(method)),
        ]
    }
}
