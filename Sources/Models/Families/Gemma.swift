import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkMethods

/// Gemma 2 (2024): norms before and after each part, capped scores and logits, a window on every other layer.
/// Gemma 3 (2025): norms of every head's queries and keys in place of the cap, and a base of its own for windowed layers.
struct Gemma: Family {
    static let types = ["gemma2", "gemma3_text"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 256_000, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
                "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
                "hidden_activation": "gelu_pytorch_tanh", "max_position_embeddings": 8192, "rms_norm_eps": 1e-06,
                "tie_word_embeddings": true, "rope_theta": 10_000, "attention_bias": false,
                "query_pre_attn_scalar": 256, "sliding_window": 4096, "layer_types": .null,
                "final_logit_softcapping": 30.0, "attn_logit_softcapping": 50.0,
            ],
            // Their files have both names of the activation, and the first one counts.
            ignored: ["hidden_act", "_sliding_window_pattern"])
        guard type == "gemma3_text" else {
            // The reference's implementations of attention do not agree on what this means here.
            keys.neutral["use_bidirectional_attention"] = false
            return keys
        }
        let own: [String: JSONValue] = [
            "vocab_size": 262_208, "max_position_embeddings": 131_072, "final_logit_softcapping": .null,
            "attn_logit_softcapping": .null, "use_bidirectional_attention": false, "rope_local_base_freq": 10_000,
            "rope_theta": 1_000_000,
        ]
        keys.defaults.merge(own) { $1 }
        return keys
    }

    private let common: LlamaLikeConfiguration
    private let normsHeads: Bool
    private let bias: Bool
    private let finalCap: Float?
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let isThird = try configuration.string("model_type") == "gemma3_text"
        normsHeads = isThird
        common = try LlamaLikeConfiguration(
            configuration, activation: "gelu_pytorch_tanh", window: 8192, tiesEmbeddings: true,
            ropeLayerType: isThird ? "full_attention" : nil, activationKeys: ["hidden_activation"])
        bias = try configuration.flag("attention_bias", default: false)
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
        let readsBothSides = try configuration.flag("use_bidirectional_attention", default: false)
        let window = common.slidingWindow.map { Self.window($0, readsBothSides: readsBothSides) }
        var traits = ModelTraits(
            decoder: common.shape, ropes: ropes,
            traits: (0..<layers).map { layer in
                LayerTraits(
                    scoreScale: Float(1 / scalar.squareRoot()), softcap: isThird ? nil : scoreCap,
                    windows: isSliding(layer) ? window.map { [$0] } ?? [] : [],
                    rope: isThird && isSliding(layer) ? 1 : 0)
            })
        if readsBothSides { traits = traits.readingBothSides() }
        self.traits = traits
    }

    /// Of a model that reads both sides (EmbeddingGemma) half of the window lies on each side of the query.
    private static func window(_ size: Int, readsBothSides: Bool) -> any WindowMethod {
        readsBothSides ? Longformer(window: size / 2 * 2) : SlidingWindow(size: size)
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
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: bias)
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
