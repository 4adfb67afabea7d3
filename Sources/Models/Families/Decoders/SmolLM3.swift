import RopewalkKernels

/// SmolLM 3 (2025): a Llama of which every fourth layer turns nothing.
struct SmolLM3: Family {
    static let types = ["smollm3"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 128_256, "hidden_size": 2048, "intermediate_size": 11_008, "num_hidden_layers": 36,
                "num_attention_heads": 16, "num_key_value_heads": 4, "hidden_act": "silu",
                "max_position_embeddings": 32_768, "rms_norm_eps": 1e-06, "use_sliding_window": false,
                "sliding_window": .null, "no_rope_layers": .null, "no_rope_layer_interval": 4, "layer_types": .null,
                "attention_bias": false, "mlp_bias": false, "tie_word_embeddings": true, "rope_theta": 2_000_000,
            ],
            ignored: ["max_window_layers"])
    }

    private let common: LlamaLikeConfiguration
    private let attentionBias: Bool
    private let mlpBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, window: 32_768, tiesEmbeddings: true, theta: 2_000_000, keyValueHeads: 4)
        attentionBias = try configuration.flag("attention_bias", default: false)
        mlpBias = try configuration.flag("mlp_bias", default: false)
        let layers = common.shape.layers
        let interval = try configuration.size("no_rope_layer_interval", default: 4)
        let turning = try configuration.layerFlags("no_rope_layers", layers: layers)
        let turns: (Int) -> Bool = { turning?[$0] ?? (($0 + 1) % interval != 0) }
        let usesWindow = try configuration.flag("use_sliding_window", default: false)
        // Layers that `layer_types` names see the window whether or not it is said to be in use.
        let slides = try configuration.slidingLayers(layers: layers) { usesWindow && !turns($0) }
        traits = try common.traits(slides: slides, turns: turns)
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

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
