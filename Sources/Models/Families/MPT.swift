import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// MPT (MosaicML 2023): ALiBi, norms without biases, projections that can be clipped.
struct MPT: Family {
    static let types = ["mpt"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "d_model": 2048, "n_heads": 16, "n_layers": 24, "max_seq_len": 2048, "vocab_size": 50_368,
                "layer_norm_epsilon": 1e-05, "attn_config": .null, "norm_type": "low_precision_layernorm",
                "tie_word_embeddings": true,
            ],
            otherNames: [
                "n_heads": "num_attention_heads", "d_model": "hidden_size", "n_layers": "num_hidden_layers",
            ],
            ignored: [
                "init_config", "init_device", "learned_pos_emb", "verbose", "embedding_fraction",
                "attn_config.attn_impl",
                "attn_config.attn_uses_sequence_id", "attn_config.attn_pdrop",
            ],
            neutral: [
                "expansion_ratio": 4, "is_causal": true, "logit_scale": .null, "no_bias": true,
            ])
    }

    private let shape: ModelShape
    private let clip: Float?
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("d_model")
        let heads = try configuration.size("n_heads", limit: 1 << 14)
        shape = ModelShape(
            layers: try configuration.size("n_layers", limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
            intermediate: 4 * hidden, vocabulary: try configuration.size("vocab_size"),
            trainedWindow: try configuration.size("max_seq_len", default: 2048, limit: 1 << 30),
            normEpsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)),
            rotaryDimensions: 0)
        let attention = configuration.value("attn_config")
        try Self.checkExtras(attention, configuration)
        func number(_ key: String) throws(ModelError) -> Float? {
            configuration.log.note("attn_config." + key)
            guard let value = attention?[key], !value.isNull else { return nil }
            guard let number = value.number, number.isFinite, number > 0 else {
                throw configuration.problem("attn_config.\(key)", say("must be a number above 0"))
            }
            return Float(number)
        }
        clip = try number("clip_qkv")
        traits = ModelTraits(alibi: shape, scoreScale: try number("softmax_scale"))
    }

    /// What the family's first implementation could do, and the reference passes over.
    private static func checkExtras(_ value: JSONValue?, _ configuration: Configuration) throws(ModelError) {
        if let norm = try configuration.string("norm_type"), !["low_precision_layernorm", "layernorm"].contains(norm) {
            throw configuration.problem(
                "norm_type", say("\(norm.debugDescription) is not supported; only LayerNorm is"))
        }
        guard let value else { return }
        try Configuration(file: configuration.file, root: value, log: configuration.log, path: "attn_config.").refuse([
            "alibi": true, "alibi_bias_max": 8, "attn_type": "multihead_attention", "kv_n_heads": .null,
            "prefix_lm": false, "qk_gn": false, "qk_ln": false, "rope": false, "sliding_window_size": -1,
        ])
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("wte.weight") ? "" : "transformer."
        let tokens = try weights.linear(prefix + "wte", outputs: shape.vocabulary, inputs: shape.hidden)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)blocks.\(index).", weights)) }
        let output =
            weights.contains("lm_head.weight")
            ? try weights.linear("lm_head", outputs: shape.vocabulary, inputs: shape.hidden) : tokens
        return Architecture(
            decoder: Stack(
                embedding: Embedding(tokens: tokens), blocks: blocks, finalNorm: try norm(prefix + "norm_f", weights)),
            head: OutputHead(weights: output))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, hasBias: false, weights)
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let hidden = shape.hidden
        let fused = try weights.linear(name + "attn.Wqkv", outputs: 3 * hidden, inputs: hidden)
        return Block(
            attentionNorm: try norm(name + "norm_1", weights),
            attention: AttentionLayer(
                query: fused.rows(0..<hidden), key: fused.rows(hidden..<2 * hidden),
                value: fused.rows(2 * hidden..<3 * hidden),
                output: try weights.linear(name + "attn.out_proj", outputs: hidden, inputs: hidden), clip: clip),
            feedForwardNorm: try norm(name + "norm_2", weights),
            feedForward: .plain(
                up: try weights.linear(name + "ffn.up_proj", outputs: shape.intermediate, inputs: hidden),
                down: try weights.linear(name + "ffn.down_proj", outputs: hidden, inputs: shape.intermediate), .gelu))
    }
}
