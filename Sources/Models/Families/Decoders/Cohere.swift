import RopewalkFormats
import RopewalkKernels

/// Cohere's Command R (2024): LayerNorm without biases, attention and feed-forward layer side by side after one norm, scaled
/// logits; dimensions that turn together lie beside each other.
/// Command R7B and A (Cohere 2, 2024): a window on three of four layers; the others turn nothing.
struct Cohere: Family {
    static let types = ["cohere", "cohere2"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 256_000, "hidden_size": 8192, "intermediate_size": 22_528, "logit_scale": 0.0625,
                "num_hidden_layers": 40, "num_attention_heads": 64, "num_key_value_heads": .null, "hidden_act": "silu",
                "max_position_embeddings": 8192, "layer_norm_eps": 1e-05, "tie_word_embeddings": true,
                "attention_bias": false, "use_qk_norm": false, "rope_theta": 500_000,
            ])
        guard type == "cohere2" else { return keys }
        let own: [String: JSONValue] = ["sliding_window": 4096, "layer_types": .null, "rope_theta": 10_000]
        keys.defaults.merge(own) { $1 }
        keys.defaults["use_qk_norm"] = nil
        keys.ignored = ["_sliding_window_pattern", "layer_switch", "use_parallel_embedding"]
        keys.neutral = [
            "order_of_interleaved_layers": "local_attn_first", "position_embedding_type": "rope_gptj", "rotary_pct": 1,
            "use_embedding_sharing": true, "use_gated_activation": true, "use_parallel_block": true,
            "use_qk_norm": false,
        ]
        return keys
    }

    private let common: LlamaLikeConfiguration
    private let logitScale: Float
    private let attentionBias: Bool
    private let normsHeads: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let isSecond = try configuration.string("model_type") == "cohere2"
        common = try LlamaLikeConfiguration(
            configuration, window: 8192, tiesEmbeddings: true, theta: isSecond ? 10_000 : 500_000,
            epsilon: ("layer_norm_eps", 1e-5), sliding: isSecond ? 4096 : nil)
        logitScale = Float(try configuration.number("logit_scale", default: 0.0625, above: 0))
        attentionBias = try configuration.flag("attention_bias", default: false)
        normsHeads = isSecond ? false : try configuration.flag("use_qk_norm", default: false)
        guard isSecond else {
            traits = try common.traits()
            return
        }
        let pattern = try configuration.size("sliding_window_pattern", default: 4)
        let slides = try configuration.slidingLayers(layers: common.shape.layers) { ($0 + 1) % pattern != 0 }
        let hasWindow = common.slidingWindow != nil
        traits = try common.traits(slides: slides, turns: { hasWindow && slides($0) })
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(
            common.shape, tiesEmbeddings: common.tiesEmbeddings,
            finalNorm: try norm(weights.llamaPrefix + "norm", weights), outputScale: logitScale
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(
            name, size: common.shape.hidden, epsilon: common.shape.normEpsilon, hasBias: false, weights)
    }

    /// x += attention(norm(x)) + down(silu(gate(norm(x))) · up(norm(x))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        let norm = try norm(name + "input_layernorm", weights)
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: attentionBias)
        if normsHeads {
            attention.queryNorm = try headNorms(name + "self_attn.q_norm", shape.heads, weights)
            attention.keyNorm = try headNorms(name + "self_attn.k_norm", shape.keyValueHeads, weights)
        }
        return Block(
            arrangement: .parallel, attentionNorm: norm, attention: attention.splittingPairs(shape),
            feedForwardNorm: norm,
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation))
    }

    /// A norm for every head.
    private func headNorms(_ name: String, _ heads: Int, _ weights: Weights) throws(ModelError) -> Norm {
        Norm(
            kind: .layer,
            weight: try weights.values(name + ".weight", shape: [heads, common.shape.headDimension]), bias: nil,
            epsilon: common.shape.normEpsilon, heads: heads)
    }
}
