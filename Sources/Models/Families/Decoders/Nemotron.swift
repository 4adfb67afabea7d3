import RopewalkKernels

/// Nemotron and Minitron (NVIDIA 2024): LayerNorm that stores its weights with 1 taken off, plain feed-forward layers with a
/// squared ReLU, half of each head turns.
struct Nemotron: Family {
    static let types = ["nemotron"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 256_000, "hidden_size": 6144, "intermediate_size": 24_576, "num_hidden_layers": 32,
                "num_attention_heads": 48, "head_dim": .null, "num_key_value_heads": .null, "hidden_act": "relu2",
                "max_position_embeddings": 4096, "norm_eps": 1e-05, "tie_word_embeddings": false,
                "attention_bias": false, "mlp_bias": false, "rope_theta": 10_000,
            ])
    }

    private let common: LlamaLikeConfiguration
    private let attentionBias: Bool
    private let mlpBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, activation: "relu2", window: 4096, partialRotary: 0.5, epsilon: ("norm_eps", 1e-5))
        attentionBias = try configuration.flag("attention_bias", default: false)
        mlpBias = try configuration.flag("mlp_bias", default: false)
        traits = try common.traits()
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(
            common.shape, tiesEmbeddings: common.tiesEmbeddings,
            finalNorm: try norm(weights.llamaPrefix + "norm", weights)
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(
            name, size: common.shape.hidden, epsilon: common.shape.normEpsilon, addsOne: true, weights)
    }

    /// x += attention(norm(x)); x += down(relu(up(norm(x)))²).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        Block(
            attentionNorm: try norm(name + "input_layernorm", weights),
            attention: try weights.llamaAttention(name + "self_attn.", common.shape, bias: attentionBias),
            feedForwardNorm: try norm(name + "post_attention_layernorm", weights),
            feedForward: try weights.plainFeedForward(
                up: name + "mlp.up_proj", down: name + "mlp.down_proj", common.shape, common.activation, bias: mlpBias))
    }
}
