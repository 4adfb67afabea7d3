import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// What config.json of the published model would say.
    func configuration() throws(ModelError) -> JSONValue {
        try refuse()
        var members =
            switch architecture {
            case .gpt2, .bloom, .mpt, .gptneox, .falcon, .bert: try ofOwnNames()
            case .t5, .t5encoder: try t5()
            case .modernBERT: try modernBERT()
            case .deepseek2: try deepseek()
            case .olmo2 where try windowSize() != nil: try common() + olmo3()
            default: try common() + special() + scaling()
            }
        if ![.bert, .modernBERT].contains(architecture), value("attention.causal")?.bool == false {
            members.append(member("is_causal", .bool(false)))
        }
        return .object(members)
    }

    func scaling() throws(ModelError) -> [JSONValue.Member] {
        try rope().map { JSONValue.Member(key: "rope_scaling", value: $0) }
    }

    /// What those that are named as the Llama line is have.
    private func common() throws(ModelError) -> [JSONValue.Member] {
        try sizes() + [
            member("num_key_value_heads", .integer(try keyValueHeads())),
            member("head_dim", .integer(try headDimension())),
            member(publishedEpsilon, .number(try epsilon())),
        ]
    }

    /// What DeepSeek's have as well.
    func sizes() throws(ModelError) -> [JSONValue.Member] {
        var members = [
            member("model_type", .string(try modelType())),
            member("hidden_size", .integer(try required("embedding_length"))),
            member("num_hidden_layers", .integer(try required("block_count"))),
            member("intermediate_size", .integer(try feedForwardSize())),
            member("num_attention_heads", .integer(try heads())),
            member("vocab_size", .integer(try vocabulary())),
            member("max_position_embeddings", .integer(try required("context_length"))),
            member("rope_theta", .number(try number("rope.freq_base") ?? 10_000)),
            member("tie_word_embeddings", .bool(file.tensors["output.weight"] == nil)),
        ]
        if let experts = try count("expert_count") {
            members.append(member("num_local_experts", .integer(experts)))
            members.append(member("num_experts", .integer(experts)))
            members.append(member("num_experts_per_tok", .integer(try required("expert_used_count"))))
        }
        return members
    }

    /// The size of feed-forward layers, or that of experts in families that call it so.
    private func feedForwardSize() throws(ModelError) -> Int {
        if [.llama4, .gptOSS].contains(architecture), let size = try size("expert_feed_forward_length") { return size }
        return try required("feed_forward_length")
    }

    /// The family that config.json names; llama stands for some that differ only in a window or in experts.
    private func modelType() throws(ModelError) -> String {
        switch architecture {
        case .llama: try count("expert_count") != nil ? "mixtral" : windowSize() == nil ? "llama" : "mistral"
        case .gemma3: "gemma3_text"
        case .gemma3n: "gemma3n_text"
        case .qwen2moe: "qwen2_moe"
        case .qwen3moe: "qwen3_moe"
        case .phi2: "phi"
        case .commandR: "cohere"
        case .gptOSS: "gpt_oss"
        case .llama4: "llama4_text"
        case .mistral3: "ministral3"
        case .olmo2: try windowSize() == nil ? "olmo2" : "olmo3"
        case .deepseek2: isThirdDeepSeek ? "deepseek_v3" : "deepseek_v2"
        default: architecture.rawValue
        }
    }

    /// What an architecture has of its own.
    private func special() throws(ModelError) -> [JSONValue.Member] {
        switch architecture {
        case .llama, .qwen3:
            let mlpBias = architecture == .llama ? [member("mlp_bias", has("ffn_up.bias"))] : []
            return try [member("hidden_act", .string("silu")), member("attention_bias", has("attn_q.bias"))]
                + mlpBias + [window()]
        case .qwen2: return [member("hidden_act", .string("silu")), member("use_sliding_window", .bool(false))]
        case .phi3:
            let original = try size("rope.scaling.original_context_length")
            return try [
                member("hidden_act", .string("silu")), window(),
                member("original_max_position_embeddings", original.map { .integer($0) } ?? .null), turningPart(),
            ]
        case .gemma2, .gemma3: return try gemma()
        case .gemma, .olmo2, .granite, .granitemoe, .qwen2moe, .qwen3moe, .smollm3: return try later()
        default: return try decoder()
        }
    }

    /// Whether the first block has a tensor.
    func has(_ tensor: String) -> JSONValue { .bool(file.tensors["blk.0." + tensor] != nil) }

    /// The share of a head's dimensions that turn.
    func turningPart() throws(ModelError) -> JSONValue.Member {
        let whole = try headDimension()
        let turned = try size("rope.dimension_count") ?? whole
        guard turned <= whole else {
            throw problem("rope.dimension_count", say("\(turned) is more than the \(whole) of a head"))
        }
        let share = Double(turned) / Double(whole)
        // Its product with the dimension is cut down to a whole number.
        let isBelow = Int(share * Double(whole)) < turned
        return member("partial_rotary_factor", .number(isBelow ? share.nextUp : share))
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
        if architecture == .gemma2 { members += try layerTypes() }
        if architecture == .gemma3 {
            // Without a window every layer sees all; with one, only every sixth does, unless the file says otherwise.
            let standard = try windowSize() == nil ? 1 : 6
            let pattern = value("attention.sliding_window_pattern")?.integer ?? standard
            members.append(member("sliding_window_pattern", .integer(pattern)))
            members += try layerTypes()
            members.append(member("rope_local_base_freq", .number(try number("rope.freq_base_swa") ?? 10_000)))
        }
        return members
    }

    func epsilon() throws(ModelError) -> Double {
        guard let epsilon = try number(architecture.epsilonKey) else {
            throw problem(architecture.epsilonKey, say("is missing"))
        }
        return epsilon
    }

    private var publishedEpsilon: String {
        switch architecture {
        case .starcoder2: "norm_epsilon"
        case .nemotron: "norm_eps"
        case .stablelm, .phi2, .commandR, .cohere2: "layer_norm_eps"
        default: "rms_norm_eps"
        }
    }

    func vocabulary() throws(ModelError) -> Int { try rows(of: "token_embd.weight") }

    /// Rows of a matrix that the file must have.
    func rows(of tensor: String) throws(ModelError) -> Int {
        guard let entry = file.tensors[tensor], entry.shape.count == 2 else {
            throw .missing(folder: file.path, tensor: tensor)
        }
        return entry.shape[0]
    }

    /// Rows of the queries, the keys and the values of a block.
    func projectionRows() throws(ModelError) -> [Int] {
        guard architecture != .deepseek2 else { return [] }
        let (dimension, keys) = (try headDimension(), try keyValueHeads())
        return [try heads() * dimension, keys * dimension, keys * dimension]
    }

    func member(_ key: String, _ value: JSONValue) -> JSONValue.Member { .init(key: key, value: value) }
}
