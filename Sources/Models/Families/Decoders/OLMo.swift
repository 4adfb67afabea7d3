import RopewalkKernels

/// OLMo (Groeneveld et al. 2024): a Llama whose norms have no weights, with projections that can be clipped.
struct OLMo: Family {
    static let types = ["olmo"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_304, "hidden_size": 4096, "intermediate_size": 11_008, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": .null, "hidden_act": "silu",
                "max_position_embeddings": 2048, "tie_word_embeddings": false, "attention_bias": false,
                "clip_qkv": .null, "rope_theta": 10_000,
            ])
    }

    private let common: LlamaLikeConfiguration
    private let attentionBias: Bool
    private let clip: Float?
    /// The family's norms, whose ε no file says.
    private let norm: Norm
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(configuration)
        attentionBias = try configuration.flag("attention_bias", default: false)
        norm = .plainLayer(size: common.shape.hidden, epsilon: 1e-5)
        clip = try configuration.cap("clip_qkv", default: nil)
        traits = try common.traits()
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings, finalNorm: norm) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        var attention = try weights.llamaAttention(name + "self_attn.", common.shape, bias: attentionBias)
        attention.clip = clip
        return Block(
            attentionNorm: norm, attention: attention, feedForwardNorm: norm,
            feedForward: try weights.llamaFeedForward(name + "mlp.", common.shape, activation: common.activation))
    }
}
