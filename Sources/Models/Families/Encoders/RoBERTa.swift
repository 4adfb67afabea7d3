import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// RoBERTa (Liu et al. 2019) and XLM-RoBERTa (Conneau et al. 2020): a BERT whose places count the tokens that are no padding.
struct RoBERTa: Family {
    static let types = ["roberta", "xlm-roberta"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 50_265, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
                "intermediate_size": 3072, "hidden_act": "gelu", "max_position_embeddings": 512, "type_vocab_size": 2,
                "layer_norm_eps": 1e-12, "add_cross_attention": false, "tie_word_embeddings": true,
            ],
            ignored: ["output_past"],
            neutral: ["position_embedding_type": "absolute"])
        guard type == "xlm-roberta" else { return keys }
        let own: [String: JSONValue] = ["vocab_size": 30_522]
        keys.defaults.merge(own) { $1 }
        return keys
    }

    private let common: BERTLikeConfiguration
    private let padding: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        try configuration.refuseDecoder()
        common = try BERTLikeConfiguration(configuration)
        padding = Int(try configuration.token("pad_token_id", default: 1))
        guard padding < common.placeRows - 1 else {
            throw configuration.problem("pad_token_id", say("must be below max_position_embeddings"))
        }
        traits = ModelTraits(encoder: common.shape, scheme: .learned(places: common.placeRows - padding - 1))
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.word_embeddings.weight") ? "" : "roberta."
        var stack = try weights.bertStack(prefix, common)
        stack.embedding.padding = Int32(padding)
        return Architecture(
            encoder: stack, head: try weights.robertaHead(common, tokens: stack.embedding.tokens),
            pooler: try weights.bertPooler(prefix, common))
    }
}

extension Weights {
    /// norm(gelu(dense(x))), then the vocabulary; nil where the file has none.
    func robertaHead(_ common: BERTLikeConfiguration, tokens: WeightMatrix) throws(ModelError) -> OutputHead? {
        guard contains("lm_head.dense.weight") else { return nil }
        let shape = common.shape
        return OutputHead(
            transform: OutputHead.Transform(
                dense: try linear("lm_head.dense", outputs: shape.hidden, inputs: shape.hidden, bias: true),
                activation: .gelu,
                norm: try .layer("lm_head.layer_norm", size: shape.hidden, epsilon: shape.normEpsilon, self)),
            weights: try outputMatrix("lm_head.decoder", bias: "lm_head.bias", shape, tokens: tokens))
    }

    /// What stands for a whole text; nil where the file has none.
    func bertPooler(_ prefix: String, _ common: BERTLikeConfiguration) throws(ModelError) -> WeightMatrix? {
        guard contains(prefix + "pooler.dense.weight") else { return nil }
        return try linear(
            prefix + "pooler.dense", outputs: common.shape.hidden, inputs: common.shape.hidden, bias: true)
    }
}

extension Configuration {
    /// Encoders that are made into decoders read otherwise than these families do here.
    func refuseDecoder() throws(ModelError) {
        for key in ["is_decoder", "add_cross_attention"] where try flag(key, default: false) {
            throw problem(key, say("true is not supported: the family is an encoder here"))
        }
    }
}
