import RopewalkFormats

extension GGUFMetadata {
    /// What config.json of the published model would say.
    func configuration() throws(ModelError) -> JSONValue {
        try refuse()
        var members =
            architecture == .gpt2
            ? try gpt2() : try common() + special() + rope().map { JSONValue.Member(key: "rope_scaling", value: $0) }
        if value("attention.causal")?.bool == false { members.append(member("is_causal", .bool(false))) }
        return .object(members)
    }

    /// What all but GPT-2 have.
    private func common() throws(ModelError) -> [JSONValue.Member] {
        let experts = try count("expert_count")
        var members = [
            member("model_type", .string(try modelType())),
            member("hidden_size", .integer(try required("embedding_length"))),
            member("num_hidden_layers", .integer(try required("block_count"))),
            member("intermediate_size", .integer(try required("feed_forward_length"))),
            member("num_attention_heads", .integer(try heads())),
            member("num_key_value_heads", .integer(try keyValueHeads())),
            member("head_dim", .integer(try headDimension())),
            member("vocab_size", .integer(try vocabulary())),
            member("max_position_embeddings", .integer(try required("context_length"))),
            member("rms_norm_eps", .number(try epsilon("attention.layer_norm_rms_epsilon"))),
            member("rope_theta", .number(try number("rope.freq_base") ?? 10_000)),
            member("tie_word_embeddings", .bool(file.tensors["output.weight"] == nil)),
        ]
        if let experts {
            members.append(member("num_local_experts", .integer(experts)))
            members.append(member("num_experts", .integer(experts)))
            members.append(member("num_experts_per_tok", .integer(try required("expert_used_count"))))
        }
        return members
    }

    /// The family that config.json names; llama stands for some that differ only in a window or in experts.
    private func modelType() throws(ModelError) -> String {
        switch architecture {
        case .llama: try count("expert_count") != nil ? "mixtral" : windowSize() == nil ? "llama" : "mistral"
        case .gemma3: "gemma3_text"
        case .qwen2moe: "qwen2_moe"
        case .qwen3moe: "qwen3_moe"
        case .qwen2, .qwen3, .gemma, .gemma2, .phi3, .gpt2, .olmo2, .granite, .smollm3: architecture.rawValue
        }
    }

    /// What an architecture has of its own.
    private func special() throws(ModelError) -> [JSONValue.Member] {
        switch architecture {
        case .llama, .qwen3:
            var members = [
                member("hidden_act", .string("silu")),
                member("attention_bias", .bool(file.tensors["blk.0.attn_q.bias"] != nil)),
            ]
            if architecture == .llama {
                members.append(member("mlp_bias", .bool(file.tensors["blk.0.ffn_up.bias"] != nil)))
            }
            return try members + [window()]
        case .qwen2: return [member("hidden_act", .string("silu")), member("use_sliding_window", .bool(false))]
        case .phi3:
            var members = try [member("hidden_act", .string("silu")), window()]
            let original = try size("rope.scaling.original_context_length")
            members.append(member("original_max_position_embeddings", original.map { .integer($0) } ?? .null))
            if let rotary = try size("rope.dimension_count"), rotary != (try headDimension()) {
                let part = Double(rotary) / Double(try headDimension())
                members.append(member("partial_rotary_factor", .number(part)))
            }
            return members
        case .gemma2, .gemma3: return try gemma()
        case .gpt2: return []
        case .gemma, .olmo2, .granite, .qwen2moe, .qwen3moe, .smollm3: return try later()
        }
    }

    private func gemma() throws(ModelError) -> [JSONValue.Member] {
        // The largest model of each generation divides scores by another root than that of its heads' dimension; the
        // files do not say so, the number of layers does.
        let isLargest = try required("block_count") == (architecture == .gemma2 ? 46 : 62)
        let scale = try isLargest ? required("embedding_length") / heads() : headDimension()
        var members = [
            member("hidden_activation", .string("gelu_pytorch_tanh")), member("query_pre_attn_scalar", .integer(scale)),
        ]
        // The first files of Gemma 2 leave its caps out.
        for (name, standard) in [("attn_logit_softcapping", 50.0), ("final_logit_softcapping", 30.0)] {
            let cap = try number(name) ?? (architecture == .gemma2 ? standard : 0)
            members.append(member(name, cap == 0 ? .null : .number(cap)))
        }
        members.append(try window())
        if architecture == .gemma3 {
            // Without a window every layer sees all; with one, only every sixth does, unless the file says otherwise.
            let standard = try windowSize() == nil ? 1 : 6
            let pattern = value("attention.sliding_window_pattern")?.integer ?? standard
            members.append(member("sliding_window_pattern", .integer(pattern)))
            members.append(member("rope_local_base_freq", .number(try number("rope.freq_base_swa") ?? 10_000)))
        }
        return members
    }

    /// The keys that a query may see; 0 in a file means all.
    private func windowSize() throws(ModelError) -> Int? {
        let standard = architecture == .gemma2 ? 4096 : nil
        return value("attention.sliding_window") == nil ? standard : try count("attention.sliding_window")
    }

    private func window() throws(ModelError) -> JSONValue.Member {
        member("sliding_window", try windowSize().map { .integer($0) } ?? .null)
    }

    private func gpt2() throws(ModelError) -> [JSONValue.Member] {
        [
            member("model_type", .string("gpt2")),
            member("n_embd", .integer(try required("embedding_length"))),
            member("n_layer", .integer(try required("block_count"))),
            member("n_head", .integer(try heads())),
            member("n_inner", .integer(try required("feed_forward_length"))),
            member("n_positions", .integer(try required("context_length"))),
            member("vocab_size", .integer(try vocabulary())),
            member("layer_norm_epsilon", .number(try epsilon("attention.layer_norm_epsilon"))),
            member("activation_function", .string("gelu_new")),
            member("tie_word_embeddings", .bool(file.tensors["output.weight"] == nil)),
        ]
    }

    private func epsilon(_ name: String) throws(ModelError) -> Double {
        guard let epsilon = try number(name) else { throw problem(name, "is missing") }
        return epsilon
    }

    private func vocabulary() throws(ModelError) -> Int {
        guard let embedding = file.tensors["token_embd.weight"], embedding.shape.count == 2 else {
            throw .missing(folder: file.path, tensor: "token_embd.weight")
        }
        return embedding.shape[0]
    }

    func member(_ key: String, _ value: JSONValue) -> JSONValue.Member { .init(key: key, value: value) }
}
