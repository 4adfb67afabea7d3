import RopewalkKernels
import RopewalkMethods

/// Mistral (Jiang et al. 2023): a Llama whose layers see a sliding window.
/// Ministral (2024): only those layers that `layer_types` names see it.
struct Mistral: Family {
    static let types = ["mistral", "ministral"]

    private let common: LlamaLikeConfiguration
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let isMinistral = try configuration.string("model_type") == "ministral"
        common = try LlamaLikeConfiguration(
            configuration, window: 131_072, keyValueHeads: isMinistral ? 8 : nil, sliding: isMinistral ? 4096 : nil)
        let slides: (Int) -> Bool =
            isMinistral
            ? try configuration.slidingLayers(layers: common.shape.layers) { _ in true } : { _ in true }
        traits = try common.traits(slides: slides)
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
            attention: try weights.llamaAttention(name + "self_attn.", shape),
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation))
    }
}
