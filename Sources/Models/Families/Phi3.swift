import RopewalkKernels
import RopewalkMethods

/// Phi-3 (2024): a Llama whose projections are fused, with a sliding window and LongRoPE in its long versions.
struct Phi3: Family {
    static let types = ["phi3"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 32_064, "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": .null, "hidden_act": "silu",
                "max_position_embeddings": 4096, "original_max_position_embeddings": 4096, "rms_norm_eps": 1e-05,
                "tie_word_embeddings": false, "rope_theta": 10_000, "sliding_window": .null,
            ])
    }

    private let common: LlamaLikeConfiguration
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        // Its first files called longrope "su" and "yarn".
        common = try LlamaLikeConfiguration(
            configuration, window: 4096, partialRotary: 1, longropeNames: ["su", "yarn"])
        traits = try common.traits(slides: { _ in true })
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
            attention: try attention(name + "self_attn.", weights),
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: try weights.fusedFeedForward(name + "mlp.", shape, activation: common.activation))
    }

    /// Rows of queries, then of keys, then of values.
    private func attention(_ name: String, _ weights: Weights) throws(ModelError) -> AttentionLayer {
        let shape = common.shape
        let queries = shape.heads * shape.headDimension
        let keys = shape.keyValueHeads * shape.headDimension
        let fused = try weights.linear(name + "qkv_proj", outputs: queries + 2 * keys, inputs: shape.hidden)
        return AttentionLayer(
            query: fused.rows(0..<queries), key: fused.rows(queries..<queries + keys),
            value: fused.rows(queries + keys..<queries + 2 * keys),
            output: try weights.linear(name + "o_proj", outputs: shape.hidden, inputs: queries))
    }
}
