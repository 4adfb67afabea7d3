import RopewalkKernels

/// StableLM (Stability AI 2024): LayerNorm, a quarter of each head turns, attention and feed-forward layer side by side where
/// asked for.
struct StableLM: Family {
    static let types = ["stablelm"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_304, "intermediate_size": 6912, "hidden_size": 2560, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 32, "hidden_act": "silu",
                "max_position_embeddings": 4096, "layer_norm_eps": 1e-05, "tie_word_embeddings": false,
                "use_qkv_bias": false, "qk_layernorm": false, "use_parallel_residual": false, "rope_theta": 10_000,
            ])
    }

    private let common: LlamaLikeConfiguration
    private let bias: Bool
    private let normsHeads: Bool
    private let isParallel: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, window: 4096, partialRotary: 0.25, epsilon: ("layer_norm_eps", 1e-5), keyValueHeads: 32)
        bias = try configuration.flag("use_qkv_bias", default: false)
        normsHeads = try configuration.flag("qk_layernorm", default: false)
        isParallel = try configuration.flag("use_parallel_residual", default: false)
        traits = try common.traits()
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(
            common.shape, tiesEmbeddings: common.tiesEmbeddings,
            finalNorm: try norm(weights.llamaPrefix + "norm", weights)
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: common.shape.hidden, epsilon: common.shape.normEpsilon, weights)
    }

    /// x += attention(norm(x)); x += feedForward(otherNorm(x)), or both of one norm.
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        let first = try norm(name + "input_layernorm", weights)
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: bias, outputBias: false)
        if normsHeads {
            attention.queryNorm = try headNorms(name + "self_attn.q_layernorm", shape.heads, weights)
            attention.keyNorm = try headNorms(name + "self_attn.k_layernorm", shape.keyValueHeads, weights)
        }
        return Block(
            arrangement: isParallel ? .parallel : .normFirst, attentionNorm: first, attention: attention,
            feedForwardNorm: isParallel ? first : try norm(name + "post_attention_layernorm", weights),
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation))
    }

    /// A norm for every head; GGUF files have those of a layer in one tensor.
    private func headNorms(_ name: String, _ heads: Int, _ weights: Weights) throws(ModelError) -> Norm {
        var numbers: [Float] = []
        if weights.contains(name + ".weight") {
            numbers = try weights.values(name + ".weight", shape: [heads, common.shape.headDimension])
        } else {
            for head in 0..<heads {
                numbers += try weights.values("\(name).norms.\(head).weight", shape: [common.shape.headDimension])
            }
        }
        return Norm(
            kind: .layer, weight: numbers, bias: nil, epsilon: common.shape.normEpsilon, heads: heads)
    }
}
