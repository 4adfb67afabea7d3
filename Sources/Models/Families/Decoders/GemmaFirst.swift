import Foundation
import RopewalkKernels

/// Gemma (2024): a Llama whose embeddings are scaled, whose norms store their weights with 1 taken off, and whose feed-forward
/// layers use the tanh form of GELU.
struct GemmaFirst: Family {
    static let types = ["gemma"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 256_000, "hidden_size": 3072, "intermediate_size": 24_576, "num_hidden_layers": 28,
                "num_attention_heads": 16, "num_key_value_heads": 16, "head_dim": 256,
                "hidden_act": "gelu_pytorch_tanh", "max_position_embeddings": 8192, "rms_norm_eps": 1e-06,
                "tie_word_embeddings": true, "attention_bias": false, "rope_theta": 10_000,
            ],
            neutral: ["hidden_activation": "gelu_pytorch_tanh", "use_bidirectional_attention": false])
    }

    private let common: LlamaLikeConfiguration
    private let activation: Activation
    private let attentionBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, activation: "gelu_pytorch_tanh", window: 8192, tiesEmbeddings: true, headDimension: 256,
            keyValueHeads: 16)
        // Its first files say "gelu" and mean the tanh form.
        activation = common.activation == .gelu ? .geluTanh : common.activation
        attentionBias = try configuration.flag("attention_bias", default: false)
        traits = try common.traits()
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let shape = common.shape
        return try weights.llamaArchitecture(
            shape, tiesEmbeddings: common.tiesEmbeddings, embeddingScale: Float(shape.hidden).squareRoot(),
            addsOneToNorms: true
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    /// x += attention(norm(x)); x += down(gelu(gate(norm(x))) · up(norm(x))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        func norm(_ part: String) throws(ModelError) -> Norm {
            try .rootMeanSquare(
                name + part, size: shape.hidden, epsilon: shape.normEpsilon, addsOne: true, weights)
        }
        return Block(
            attentionNorm: try norm("input_layernorm"),
            attention: try weights.llamaAttention(name + "self_attn.", shape, bias: attentionBias),
            feedForwardNorm: try norm("post_attention_layernorm"),
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: activation))
    }
}
