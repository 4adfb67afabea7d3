import RopewalkKernels

/// Granite (IBM 2024): a Llama whose embeddings, scores, residuals and logits have factors of their own.
struct Granite: Family {
    static let types = ["granite"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 32_000, "hidden_size": 4096, "intermediate_size": 11_008, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": .null, "hidden_act": "silu",
                "max_position_embeddings": 2048, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
                "attention_bias": false, "mlp_bias": false, "embedding_multiplier": 1, "logits_scaling": 1,
                "residual_multiplier": 1, "attention_multiplier": 1, "rope_theta": 10_000,
            ])
    }

    private let common: LlamaLikeConfiguration
    private let factors: GraniteFactors
    private let attentionBias: Bool
    private let mlpBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(configuration)
        factors = try GraniteFactors(configuration)
        attentionBias = try configuration.flag("attention_bias", default: false)
        mlpBias = try configuration.flag("mlp_bias", default: false)
        traits = try common.traits(scoreScale: factors.attention)
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(
            common.shape, tiesEmbeddings: common.tiesEmbeddings, embeddingScale: factors.embedding,
            outputScale: factors.output
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    /// x += factor · attention(norm(x)); x += factor · feedForward(norm(x)).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: try weights.llamaAttention(name + "self_attn.", shape, bias: attentionBias),
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: try weights.llamaFeedForward(
                name + "mlp.", shape, activation: common.activation, bias: mlpBias),
            residualScale: factors.residual)
    }
}

/// What the Granite line multiplies by.
struct GraniteFactors {
    let embedding: Float
    let attention: Float
    let residual: Float
    let output: Float

    init(_ configuration: Configuration) throws(ModelError) {
        func factor(_ key: String) throws(ModelError) -> Float {
            Float(try configuration.number(key, default: 1, above: 0))
        }
        embedding = try factor("embedding_multiplier")
        attention = try factor("attention_multiplier")
        residual = try factor("residual_multiplier")
        output = 1 / (try factor("logits_scaling"))
    }
}
