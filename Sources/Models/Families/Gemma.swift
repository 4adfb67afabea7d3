import Foundation
import RopewalkKernels
import RopewalkMethods

/// Gemma 2 (2024): norms before and after each part, capped scores and logits, a window on every other layer.
/// Gemma 3 (2025): norms of every head's queries and keys in place of the cap, and a base of its own for windowed layers.
struct Gemma: Family {
    static let types = ["gemma2", "gemma3_text"]

    private let common: LlamaLikeConfiguration
    private let normsHeads: Bool
    private let finalCap: Float?
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let isThird = try configuration.string("model_type") == "gemma3_text"
        normsHeads = isThird
        common = try LlamaLikeConfiguration(
            configuration, activation: "gelu_pytorch_tanh", window: 8192, tiesEmbeddings: true,
            ropeLayerType: isThird ? "full_attention" : nil)
        let scoreCap = try configuration.cap("attn_logit_softcapping", default: isThird ? nil : 50)
        finalCap = try configuration.cap("final_logit_softcapping", default: isThird ? nil : 30)
        let scalar = try configuration.number("query_pre_attn_scalar", default: 256, above: 0)
        let layers = common.shape.layers
        let types = try configuration.layerTypes(layers: layers)
        let pattern = try configuration.size("sliding_window_pattern", default: 6)
        let isSliding: (Int) -> Bool =
            if let types { { types[$0] == .sliding } } else if isThird { { ($0 + 1) % pattern != 0 } } else {
                { $0 % 2 == 0 }
            }
        let global = RotarySettings(
            base: common.rope.base, dimensions: common.shape.rotaryDimensions, position: common.rope.position)
        var ropes = [global]
        if isThird {
            ropes.append(
                try RopeConfiguration.ofSlidingLayers(
                    configuration, dimensions: common.shape.rotaryDimensions, legacy: "rope_local_base_freq",
                    theta: 10_000))
        }
        let window = common.slidingWindow ?? 4096
        traits = ModelTraits(
            decoder: common.shape, ropes: ropes,
            traits: (0..<layers).map { layer in
                LayerTraits(
                    scoreScale: Float(1 / scalar.squareRoot()), softcap: isThird ? nil : scoreCap,
                    windows: isSliding(layer) ? [SlidingWindow(size: window)] : [],
                    rope: isThird && isSliding(layer) ? 1 : 0)
            })
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let hidden = common.shape.hidden
        return try weights.llamaArchitecture(
            common.shape, tiesEmbeddings: common.tiesEmbeddings, embeddingScale: Float(hidden).squareRoot(),
            addsOneToNorms: true, softcap: finalCap
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    /// x += norm(attention(norm(x))); x += norm(down(gelu(gate(norm(x))) · up(norm(x)))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        func norm(_ part: String, size: Int? = nil) throws(ModelError) -> Norm {
            try .rootMeanSquare(
                name + part, size: size ?? shape.hidden, epsilon: shape.normEpsilon, addsOne: true, weights)
        }
        var attention = try weights.llamaAttention(name + "self_attn.", shape)
        if normsHeads {
            attention.queryNorm = try norm("self_attn.q_norm", size: shape.headDimension)
            attention.keyNorm = try norm("self_attn.k_norm", size: shape.headDimension)
        }
        return Block(
            attentionNorm: try norm("input_layernorm"), attention: attention,
            attentionOutputNorm: try norm("post_attention_layernorm"),
            feedForwardNorm: try norm("pre_feedforward_layernorm"),
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation),
            feedForwardOutputNorm: try norm("post_feedforward_layernorm"))
    }
}
