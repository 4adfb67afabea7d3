extension ModelError {
    /// The same with the key of a GGUF file's metadata in place of that of config.json, which the file does not have.
    func inMetadata(of architecture: GGUFArchitecture) -> ModelError {
        guard case .configuration(let file, let key, let problem) = self else { return self }
        let isEpsilon = key.hasSuffix("norm_eps") || key.hasSuffix("norm_epsilon")
        guard let name = isEpsilon ? architecture.epsilonKey : GGUFMetadata.keys[key] else { return self }
        return .configuration(file: file, key: "\(architecture.rawValue).\(name)", problem: problem)
    }
}

extension GGUFMetadata {
    /// Keys of metadata by those of config.json, which families ask for.
    fileprivate static let keys = [
        "n_embd": "embedding_length", "hidden_size": "embedding_length", "d_model": "embedding_length",
        "n_layer": "block_count", "n_layers": "block_count", "num_hidden_layers": "block_count",
        "num_layers": "block_count", "n_head": "attention.head_count", "n_heads": "attention.head_count",
        "num_attention_heads": "attention.head_count", "num_heads": "attention.head_count",
        "num_key_value_heads": "attention.head_count_kv", "head_dim": "attention.key_length",
        "n_positions": "context_length", "max_seq_len": "context_length",
        "max_position_embeddings": "context_length", "intermediate_size": "feed_forward_length",
        "d_ff": "feed_forward_length", "moe_intermediate_size": "expert_feed_forward_length",
        "num_experts": "expert_count", "num_local_experts": "expert_count", "n_routed_experts": "expert_count",
        "num_experts_per_tok": "expert_used_count", "rope_theta": "rope.freq_base", "rotary_emb_base": "rope.freq_base",
        "sliding_window": "attention.sliding_window", "rope_scaling.factor": "rope.scaling.factor",
        "rope_scaling.original_max_position_embeddings": "rope.scaling.original_context_length",
        "rope_scaling.beta_fast": "rope.scaling.yarn_beta_fast",
        "rope_scaling.beta_slow": "rope.scaling.yarn_beta_slow",
        "rope_scaling.mscale_all_dim": "rope.scaling.yarn_log_multiplier",
        "activation_sparsity_pattern": "activation_sparsity_scale", "q_lora_rank": "attention.q_lora_rank",
        "decoder_start_token_id": "decoder_start_token_id",
        "kv_lora_rank": "attention.kv_lora_rank", "n_group": "expert_group_count",
        "topk_group": "expert_group_used_count", "logit_scale": "logit_scale",
        "relative_attention_num_buckets": "attention.relative_buckets_count",
    ]
}
