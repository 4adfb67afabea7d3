import RopewalkKernels

/// EXAONE 4 (LG 2025): norms after each part and of every head; where it has windows, the layers without one turn nothing.
struct EXAONE4: Family {
    static let types = ["exaone4"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 102_400, "hidden_size": 4096, "intermediate_size": 16_384, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 32, "hidden_act": "silu",
                "max_position_embeddings": 2048, "rms_norm_eps": 1e-05, "tie_word_embeddings": false,
                "sliding_window": 4096, "sliding_window_pattern": 4, "layer_types": .null, "rope_theta": 10_000,
            ])
    }

    private let common: LlamaLikeConfiguration
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, epsilon: ("rms_norm_eps", 1e-5), keyValueHeads: 32, sliding: 4096)
        guard common.slidingWindow != nil else {
            traits = try common.traits()
            return
        }
        let pattern =
            configuration.value("layer_types") == nil
            ? try configuration.size("sliding_window_pattern", default: 4) : 4
        let slides = try configuration.slidingLayers(layers: common.shape.layers) { ($0 + 1) % pattern != 0 }
        traits = try common.traits(slides: slides, turns: slides)
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
        var attention = try weights.llamaAttention(name + "self_attn.", shape)
        attention.queryNorm = try norm("self_attn.q_norm", size: shape.headDimension)
        attention.keyNorm = try norm("self_attn.k_norm", size: shape.headDimension)
        return Block(
            attentionNorm: nil, attention: attention,
            attentionOutputNorm: try norm("post_attention_layernorm", size: shape.hidden), feedForwardNorm: nil,
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation),
            feedForwardOutputNorm: try norm("post_feedforward_layernorm", size: shape.hidden))
    }
}
