import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// Qwen 1.5 MoE and 2 MoE (2024): a Qwen 2 with small experts, and one beside them that works for every token.
/// Qwen 3 MoE (2025): a Qwen 3 with small experts and none beside them.
struct QwenMoE: Family {
    static let types = ["qwen2_moe", "qwen3_moe"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 151_936, "hidden_size": 2048, "intermediate_size": 5632, "num_hidden_layers": 24,
                "num_attention_heads": 16, "num_key_value_heads": 16, "hidden_act": "silu",
                "max_position_embeddings": 32_768, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
                "use_sliding_window": false, "sliding_window": 4096, "max_window_layers": 28, "decoder_sparse_step": 1,
                "moe_intermediate_size": 1408, "shared_expert_intermediate_size": 5632, "num_experts_per_tok": 4,
                "num_experts": 60, "norm_topk_prob": false, "mlp_only_layers": .null, "qkv_bias": true,
                "layer_types": .null, "rope_theta": 10_000,
            ],
            ignored: ["use_mrope"])
        guard type == "qwen3_moe" else { return keys }
        let own: [String: JSONValue] = [
            "intermediate_size": 6144, "num_attention_heads": 32, "num_key_value_heads": 4, "attention_bias": false,
            "moe_intermediate_size": 768, "num_experts_per_tok": 8, "num_experts": 128,
        ]
        keys.defaults.merge(own) { $1 }
        for key in ["layer_types", "max_window_layers", "qkv_bias", "shared_expert_intermediate_size"] {
            keys.defaults[key] = nil
        }
        keys.ignored.insert("max_window_layers")
        keys.otherNames = ["num_experts": "num_local_experts"]
        return keys
    }

    private let common: LlamaLikeConfiguration
    private let isThird: Bool
    private let bias: Bool
    private let outputBias: Bool
    private let experts: Int
    private let rule: RoutingRule
    private let expertSize: Int
    private let sharedSize: Int
    /// Which layers have experts.
    private let isSparse: [Bool]
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        isThird = try configuration.string("model_type") == "qwen3_moe"
        common = try LlamaLikeConfiguration(
            configuration, window: 32_768, keyValueHeads: isThird ? 4 : 16, sliding: 4096,
            readsWindow: try configuration.flag("use_sliding_window", default: false))
        let attentionBias = try configuration.flag(
            isThird ? "attention_bias" : "qkv_bias", default: !isThird)
        bias = attentionBias
        outputBias = isThird && attentionBias
        experts = try configuration.experts("num_experts", default: isThird ? 128 : 60)
        rule = RoutingRule(
            chosen: try configuration.chosenExperts(default: isThird ? 8 : 4, of: experts),
            normalises: try configuration.flag("norm_topk_prob", default: false))
        expertSize = try configuration.size("moe_intermediate_size", default: isThird ? 768 : 1408)
        sharedSize = try configuration.size("shared_expert_intermediate_size", default: 5632)
        let layers = common.shape.layers
        isSparse = try Self.sparseLayers(configuration, layers: layers)
        var traits = try common.traits(slides: try Self.slidingLayers(configuration, layers: layers, isThird: isThird))
        traits.experts = ExpertCounts(count: experts, chosen: rule.chosen)
        self.traits = traits
    }

    /// Every `decoder_sparse_step`-th layer but those that are named.
    private static func sparseLayers(_ configuration: Configuration, layers: Int) throws(ModelError) -> [Bool] {
        let step = try configuration.size("decoder_sparse_step", default: 1)
        let dense = try configuration.indices("mlp_only_layers")
        return (0..<layers).map { !dense.contains($0) && ($0 + 1) % step == 0 }
    }

    /// Qwen 3 MoE has its window in every layer, Qwen 2 MoE in those of `layer_types`, else in every other of the lower ones.
    private static func slidingLayers(
        _ configuration: Configuration, layers: Int, isThird: Bool
    ) throws(ModelError) -> (Int) -> Bool {
        guard try configuration.flag("use_sliding_window", default: false) else { return { _ in false } }
        if isThird { return { _ in true } }
        let end = try configuration.count("max_window_layers", default: 28)
        return try configuration.slidingLayers(layers: layers) { ($0 + 1) % 2 != 0 && $0 < end }
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, index throws(ModelError) in
            try block(name, index, weights)
        }
    }

    private func block(_ name: String, _ index: Int, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        func norm(_ part: String, size: Int) throws(ModelError) -> Norm {
            try .rootMeanSquare(name + part, size: size, epsilon: shape.normEpsilon, weights)
        }
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: bias, outputBias: outputBias)
        if isThird {
            attention.queryNorm = try norm("self_attn.q_norm", size: shape.headDimension)
            attention.keyNorm = try norm("self_attn.k_norm", size: shape.headDimension)
        }
        return Block(
            attentionNorm: try norm("input_layernorm", size: shape.hidden), attention: attention,
            feedForwardNorm: try norm("post_attention_layernorm", size: shape.hidden),
            feedForward: isSparse[index]
                ? .experts(try mixture(name + "mlp.", weights))
                : try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation))
    }

    private func mixture(_ name: String, _ weights: Weights) throws(ModelError) -> MixtureOfExperts {
        let hidden = common.shape.hidden
        var members: [MixtureOfExperts.Expert] = []
        for index in 0..<experts {
            members.append(try weights.expert("\(name)experts.\(index).", hidden: hidden, size: expertSize))
        }
        return MixtureOfExperts(
            router: try weights.linear(name + "gate", outputs: experts, inputs: hidden), experts: members, rule: rule,
            gating: .product(common.activation),
            shared: isThird
                ? nil
                : MixtureOfExperts.Shared(
                    expert: try weights.expert(name + "shared_expert.", hidden: hidden, size: sharedSize),
                    gate: try weights.linear(name + "shared_expert_gate", outputs: 1, inputs: hidden)))
    }
}

extension Configuration {
    /// How many experts a layer has.
    func experts(_ key: String, default standard: Int) throws(ModelError) -> Int {
        try size(key, default: standard, limit: 1 << 12)
    }

    /// How many of them work for a token.
    func chosenExperts(default standard: Int?, of experts: Int) throws(ModelError) -> Int {
        let chosen = try size("num_experts_per_tok", default: standard, limit: 1 << 12)
        guard chosen <= experts else {
            throw problem("num_experts_per_tok", say("\(chosen) is more than \(experts) experts"))
        }
        return chosen
    }
}
