import RopewalkKernels
import RopewalkMethods

/// Qwen 2 (2024): a Llama with biases on queries, keys and values, and a window on its upper layers where asked for.
/// Qwen 3 (2025): a norm of every head's queries and keys in place of the biases.
struct Qwen: Family {
    static let types = ["qwen2", "qwen3"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 151_936, "hidden_size": 4096, "intermediate_size": 22_016, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 32, "hidden_act": "silu",
                "max_position_embeddings": 32_768, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
                "rope_theta": 10_000, "use_sliding_window": false, "sliding_window": 4096, "max_window_layers": 28,
                "layer_types": .null,
            ],
            ignored: ["use_mrope"])
        if type == "qwen3" { keys.defaults.merge(["head_dim": 128, "attention_bias": false]) { $1 } }
        return keys
    }

    private let common: LlamaLikeConfiguration
    private let normsHeads: Bool
    private let bias: Bool
    private let outputBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(configuration, window: 32_768)
        normsHeads = try configuration.string("model_type") == "qwen3"
        let attentionBias = try configuration.flag("attention_bias", default: false)
        bias = normsHeads ? attentionBias : true
        outputBias = normsHeads && attentionBias
        traits = try common.traits(slides: try Self.slidingLayers(configuration, layers: common.shape.layers))
    }

    /// Which layers see a window: those that `layer_types` names, else the upper ones where windows are in use.
    private static func slidingLayers(
        _ configuration: Configuration, layers: Int
    ) throws(ModelError) -> (Int) -> Bool {
        let isUsed = try configuration.flag("use_sliding_window", default: false)
        if let types = try configuration.layerTypes(layers: layers) { return { isUsed && types[$0] == .sliding } }
        let first = try configuration.count("max_window_layers", default: 28)
        return { isUsed && $0 >= first }
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: bias, outputBias: outputBias)
        if normsHeads {
            attention.queryNorm = try .rootMeanSquare(
                name + "self_attn.q_norm", size: shape.headDimension, epsilon: shape.normEpsilon, weights)
            attention.keyNorm = try .rootMeanSquare(
                name + "self_attn.k_norm", size: shape.headDimension, epsilon: shape.normEpsilon, weights)
        }
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: attention,
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation))
    }
}
