import RopewalkKernels
import RopewalkMethods

/// Llama (Touvron et al. 2023): RMSNorm before each part, rotary positions, grouped key/value heads, SwiGLU.
struct Llama: Family {
    static let types = ["llama"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 32_000, "hidden_size": 4096, "intermediate_size": 11_008, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": .null, "head_dim": .null, "hidden_act": "silu",
                "max_position_embeddings": 2048, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
                "rope_theta": 10_000, "attention_bias": false, "mlp_bias": false,
            ])
    }

    private let common: LlamaLikeConfiguration
    private let attentionBias: Bool
    private let mlpBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(configuration)
        attentionBias = try configuration.flag("attention_bias", default: false)
        mlpBias = try configuration.flag("mlp_bias", default: false)
        traits = try common.traits()
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

    /// x += attention(norm(x)); x += down(silu(gate(norm(x))) · up(norm(x))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: try weights.llamaAttention(name + "self_attn.", shape, bias: attentionBias),
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: try weights.llamaFeedForward(
                name + "mlp.", shape, activation: common.activation, bias: mlpBias))
    }
}
