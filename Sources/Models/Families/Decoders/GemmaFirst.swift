import Foundation
import RopewalkKernels

/// Gemma (2024): a Llama whose embeddings are scaled, whose norms store their weights with 1 taken off, and whose feed-forward
/// layers use the tanh form of GELU.
struct GemmaFirst: Family {
    static let types = ["gemma"]

    private let common: LlamaLikeConfiguration
    private let activation: Activation
    private let attentionBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        if try configuration.flag("use_bidirectional_attention", default: false) {
            throw configuration.problem("use_bidirectional_attention", "true is not supported")
        }
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
