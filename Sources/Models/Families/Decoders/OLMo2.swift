import RopewalkFormats
import RopewalkKernels
import RopewalkMethods

/// OLMo 2 (2024): norms after each part in place of before it, and one norm over all heads of the queries and of the keys.
/// OLMo 3 (2025): a window on three of four layers, whose angles are never scaled.
struct OLMo2: Family {
    static let types = ["olmo2", "olmo3"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 50_304, "hidden_size": 4096, "intermediate_size": 11_008, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": .null, "hidden_act": "silu",
                "max_position_embeddings": 2048, "tie_word_embeddings": false, "attention_bias": false,
                "rms_norm_eps": 1e-05, "rope_theta": 10_000,
            ])
        guard type == "olmo3" else { return keys }
        let own: [String: JSONValue] = ["sliding_window": 4096, "layer_types": .null, "rope_theta": 500_000]
        keys.defaults.merge(own) { $1 }
        return keys
    }

    private let common: LlamaLikeConfiguration
    private let attentionBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let isThird = try configuration.string("model_type") == "olmo3"
        common = try LlamaLikeConfiguration(
            configuration, ropeLayerType: isThird ? "full_attention" : nil, theta: isThird ? 500_000 : 10_000,
            epsilon: ("rms_norm_eps", 1e-5), sliding: isThird ? 4096 : nil)
        attentionBias = try configuration.flag("attention_bias", default: false)
        guard isThird else {
            traits = try common.traits()
            return
        }
        let slides = try configuration.slidingLayers(layers: common.shape.layers) { ($0 + 1) % 4 != 0 }
        var traits = try common.traits(slides: slides)
        let local = try RopeConfiguration.ofSlidingLayers(
            configuration, dimensions: common.shape.rotaryDimensions, legacy: nil, theta: 500_000)
        traits.ropes.append(local)
        for layer in traits.decoder.indices where slides(layer) { traits.decoder[layer].rope = 1 }
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

    /// x += norm(attention(x)); x += norm(down(silu(gate(x)) · up(x))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        func norm(_ part: String, size: Int) throws(ModelError) -> Norm {
            try .rootMeanSquare(name + part, size: size, epsilon: shape.normEpsilon, weights)
        }
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: attentionBias)
        attention.queryNorm = try norm("self_attn.q_norm", size: shape.heads * shape.headDimension)
        attention.keyNorm = try norm("self_attn.k_norm", size: shape.keyValueHeads * shape.headDimension)
        return Block(
            attentionNorm: nil, attention: attention,
            attentionOutputNorm: try norm("post_attention_layernorm", size: shape.hidden), feedForwardNorm: nil,
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation),
            feedForwardOutputNorm: try norm("post_feedforward_layernorm", size: shape.hidden))
    }
}
