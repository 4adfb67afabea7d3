import RopewalkFormats
import RopewalkKernels
import RopewalkMethods

/// Mistral (Jiang et al. 2023): a Llama whose layers see a sliding window.
/// Ministral (2024): only those layers that `layer_types` names see it. Ministral 3 (2025): queries grow with their place.
struct Mistral: Family {
    static let types = ["mistral", "ministral", "ministral3"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 32_000, "hidden_size": 4096, "intermediate_size": 14_336, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": .null, "hidden_act": "silu",
                "max_position_embeddings": 131_072, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
                "rope_theta": 10_000, "sliding_window": 4096,
            ])
        if type == "ministral" { keys.defaults["layer_types"] = .null }
        guard type == "ministral3" else { return keys }
        let own: [String: JSONValue] = [
            "vocab_size": 131_072, "num_hidden_layers": 34, "head_dim": 128, "max_position_embeddings": 262_144,
            "rms_norm_eps": 1e-05, "sliding_window": .null,
            "rope_parameters": [
                "type": "yarn", "rope_theta": 1_000_000, "factor": 16, "original_max_position_embeddings": 16_384,
                "beta_fast": 32, "beta_slow": 1, "mscale_all_dim": 1, "mscale": 1, "llama_4_scaling_beta": 0.1,
            ],
        ]
        keys.defaults.merge(own) { $1 }
        keys.ignored.insert("rope_parameters.max_position_embeddings")
        return keys
    }

    private let common: LlamaLikeConfiguration
    private let temperature: QueryTemperature?
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let type = try configuration.string("model_type")
        let (isMinistral, isThird) = (type == "ministral", type == "ministral3")
        common = try LlamaLikeConfiguration(
            configuration, window: isThird ? 262_144 : 131_072, epsilon: ("rms_norm_eps", isThird ? 1e-5 : 1e-6),
            headDimension: isThird ? 128 : nil, keyValueHeads: isMinistral || isThird ? 8 : nil,
            sliding: isMinistral ? 4096 : nil)
        temperature = isThird ? try common.rope.temperature() : nil
        let slides: (Int) -> Bool =
            isMinistral
            ? try configuration.slidingLayers(layers: common.shape.layers) { _ in true } : { _ in true }
        var traits = try common.traits(slides: slides)
        for layer in traits.decoder.indices { traits.decoder[layer].temperature = temperature }
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        var attention = try weights.llamaAttention(name + "self_attn.", shape)
        attention.temperature = temperature
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: attention,
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: try weights.llamaFeedForward(name + "mlp.", shape, activation: common.activation))
    }
}
