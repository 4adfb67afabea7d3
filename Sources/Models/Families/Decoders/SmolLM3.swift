import RopewalkKernels

/// SmolLM 3 (2025): a Llama of which every fourth layer turns nothing.
struct SmolLM3: Family {
    static let types = ["smollm3"]

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
        let slides = try configuration.slidingLayers(layers: layers) { !turns($0) }
        traits = try common.traits(slides: { usesWindow && slides($0) }, turns: turns)
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
