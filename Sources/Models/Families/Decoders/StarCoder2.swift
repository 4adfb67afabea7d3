import RopewalkKernels

/// StarCoder 2 (Lozhkov et al. 2024): LayerNorm and plain feed-forward layers, biases throughout, a window.
struct StarCoder2: Family {
    static let types = ["starcoder2"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 49_152, "hidden_size": 3072, "intermediate_size": 12_288, "num_hidden_layers": 30,
                "num_attention_heads": 24, "num_key_value_heads": 2, "hidden_act": "gelu_pytorch_tanh",
                "max_position_embeddings": 4096, "norm_epsilon": 1e-05, "sliding_window": .null, "use_bias": true,
                "tie_word_embeddings": true, "rope_theta": 10_000,
            ],
            neutral: ["norm_type": "layer_norm", "mlp_type": "default"])
    }

    private let common: LlamaLikeConfiguration
    private let bias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, activation: "gelu_pytorch_tanh", window: 4096, tiesEmbeddings: true,
            epsilon: ("norm_epsilon", 1e-5), keyValueHeads: 2)
        bias = try configuration.flag("use_bias", default: true)
        traits = try common.traits(slides: { _ in true })
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

    /// x += attention(norm(x)); x += down(gelu(up(norm(x)))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        Block(
            attentionNorm: try norm(name + "input_layernorm", weights),
            attention: try weights.llamaAttention(name + "self_attn.", common.shape, bias: bias),
            feedForwardNorm: try norm(name + "post_attention_layernorm", weights),
            feedForward: try weights.plainFeedForward(
                up: name + "mlp.c_fc", down: name + "mlp.c_proj", common.shape, common.activation, bias: bias))
    }
}
