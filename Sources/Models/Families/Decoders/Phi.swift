import RopewalkKernels

/// Phi-1 to Phi-2 (2023): attention and a plain feed-forward layer side by side after one norm, biases throughout.
struct Phi: Family {
    static let types = ["phi"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 51_200, "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 24,
                "num_attention_heads": 32, "num_key_value_heads": .null, "hidden_act": "gelu_new",
                "max_position_embeddings": 2048, "layer_norm_eps": 1e-05, "tie_word_embeddings": false,
                "qk_layernorm": false, "rope_theta": 10_000,
            ])
    }

    private let common: LlamaLikeConfiguration
    private let normsHeads: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, activation: "gelu_new", partialRotary: 0.5, epsilon: ("layer_norm_eps", 1e-5))
        normsHeads = try configuration.flag("qk_layernorm", default: false)
        traits = try common.traits()
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let name = weights.llamaPrefix + "final_layernorm"
        return try weights.llamaArchitecture(
            common.shape, tiesEmbeddings: common.tiesEmbeddings,
            finalNorm: try norm(name, size: common.shape.hidden, weights), outputBias: true
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    private func norm(_ name: String, size: Int, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: size, epsilon: common.shape.normEpsilon, weights)
    }

    /// x += attention(norm(x)) + down(gelu(up(norm(x)))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        let first = try norm(name + "input_layernorm", size: shape.hidden, weights)
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: true, output: "dense")
        if normsHeads {
            attention.queryNorm = try norm(name + "self_attn.q_layernorm", size: shape.headDimension, weights)
            attention.keyNorm = try norm(name + "self_attn.k_layernorm", size: shape.headDimension, weights)
        }
        return Block(
            arrangement: .parallel, attentionNorm: first, attention: attention, feedForwardNorm: first,
            feedForward: try weights.plainFeedForward(
                up: name + "mlp.fc1", down: name + "mlp.fc2", shape, common.activation, bias: true))
    }
}
