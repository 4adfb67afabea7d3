import RopewalkKernels

/// ELECTRA (Clark et al. 2020): a BERT whose embeddings are narrower than its stream; only generators name tokens.
struct ELECTRA: Family {
    static let types = ["electra"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 30_522, "embedding_size": 128, "hidden_size": 256, "num_hidden_layers": 12,
                "num_attention_heads": 4, "intermediate_size": 1024, "hidden_act": "gelu",
                "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "summary_type": "first",
                "summary_use_proj": true, "summary_activation": "gelu", "add_cross_attention": false,
                "tie_word_embeddings": true,
            ],
            neutral: ["position_embedding_type": "absolute"])
    }

    private let common: BERTLikeConfiguration
    private let embeddingSize: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        try configuration.refuseDecoder()
        common = try BERTLikeConfiguration(configuration)
        embeddingSize = try configuration.size("embedding_size", default: 128)
        traits = ModelTraits(encoder: common.shape, scheme: .learned(places: common.placeRows))
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.word_embeddings.weight") ? "" : "electra."
        var stack = try weights.bertStack(prefix, common, embeddingSize: embeddingSize)
        if embeddingSize != common.shape.hidden {
            let matrix = try weights.linear(
                prefix + "embeddings_project", outputs: common.shape.hidden, inputs: embeddingSize, bias: true)
            stack.embedding.projection = Embedding.Projection(matrix: matrix, isFirst: false)
        }
        return Architecture(encoder: stack, head: try head(stack.embedding.tokens, weights))
    }

    /// A generator's; nil for a discriminator.
    private func head(_ tokens: WeightMatrix, _ weights: Weights) throws(ModelError) -> OutputHead? {
        let name = "generator_predictions."
        guard weights.contains(name + "dense.weight") else { return nil }
        let shape = common.shape
        let output =
            weights.contains("generator_lm_head.weight")
            ? try weights.linear("generator_lm_head", outputs: shape.vocabulary, inputs: embeddingSize) : tokens
        return OutputHead(
            transform: OutputHead.Transform(
                dense: try weights.linear(name + "dense", outputs: embeddingSize, inputs: shape.hidden, bias: true),
                activation: .gelu,
                norm: try .layer(name + "LayerNorm", size: embeddingSize, epsilon: shape.normEpsilon, weights)),
            weights: output.biased(try weights.values("generator_lm_head.bias", shape: [shape.vocabulary])))
    }
}
