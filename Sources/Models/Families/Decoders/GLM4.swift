import RopewalkKernels

/// GLM-4 (2024, 2025): norms before and after each part, half of each head turns, dimensions that turn together beside each
/// other, gate and up projection in one.
struct GLM4: Family {
    static let types = ["glm4"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 151_552, "hidden_size": 4096, "intermediate_size": 13_696, "num_hidden_layers": 40,
                "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128, "hidden_act": "silu",
                "max_position_embeddings": 131_072, "rms_norm_eps": 1.5625e-07, "tie_word_embeddings": false,
                "attention_bias": true, "rope_theta": 10_000,
            ])
    }

    private let common: LlamaLikeConfiguration
    private let attentionBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, window: 131_072, partialRotary: 0.5, epsilon: ("rms_norm_eps", 0.000_000_156_25),
            headDimension: 128, keyValueHeads: 2)
        attentionBias = try configuration.flag("attention_bias", default: true)
        traits = try common.traits()
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

    /// x += norm(attention(norm(x))); x += norm(down(silu(gate(norm(x))) · up(norm(x)))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        func norm(_ part: String) throws(ModelError) -> Norm {
            try .rootMeanSquare(name + part, size: shape.hidden, epsilon: shape.normEpsilon, weights)
        }
        return Block(
            attentionNorm: try norm("input_layernorm"),
            attention: try weights.llamaAttention(
                name + "self_attn.", shape, bias: attentionBias, outputBias: false
            ).splittingPairs(shape),
            attentionOutputNorm: try norm("post_self_attn_layernorm"),
            feedForwardNorm: try norm("post_attention_layernorm"),
            feedForward: try weights.fusedFeedForward(name + "mlp.", shape, activation: common.activation),
            feedForwardOutputNorm: try norm("post_mlp_layernorm"))
    }
}
