import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// Falcon (Almazrouei et al. 2023): one or a few key/value heads, attention and feed-forward layer side by side.
struct Falcon: Family {
    static let types = ["falcon"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 65_024, "hidden_size": 4544, "num_hidden_layers": 32, "num_attention_heads": 71,
                "num_ln_in_parallel_attn": .null, "layer_norm_epsilon": 1e-05, "num_kv_heads": .null, "alibi": false,
                "new_decoder_architecture": false, "multi_query": true, "parallel_attn": true, "bias": false,
                "max_position_embeddings": 2048, "ffn_hidden_size": .null, "activation": "gelu",
                "tie_word_embeddings": true, "rope_theta": 10_000,
            ],
            neutral: ["alibi": false, "apply_residual_connection_post_layernorm": false])
    }

    /// How the fused projection and the norms of a block are arranged.
    private enum Kind {
        /// Groups of queries with their key and value, and a norm for each part where there are two.
        case grouped(norms: Int)
        /// All queries, then one key and one value.
        case multiQuery
        /// Query, key and value of each head in turn.
        case heads
    }

    private let shape: ModelShape
    private let kind: Kind
    private let isParallel: Bool
    private let bias: Bool
    private let activation: Activation
    private let tiesEmbeddings: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        // Its first files call it n_embed, and that name counts first.
        let hidden = try configuration.size(configuration.value("n_embed") == nil ? "hidden_size" : "n_embed")
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        let headDimension = try configuration.headDimension(hidden: hidden, heads: heads)
        isParallel = try configuration.flag("parallel_attn", default: true)
        kind = try Self.kind(configuration, isParallel: isParallel)
        let keyValueHeads: Int
        if case .multiQuery = kind {
            keyValueHeads = 1
        } else {
            keyValueHeads = try configuration.size("num_kv_heads", default: heads, limit: 1 << 14)
        }
        if case .heads = kind, keyValueHeads != heads {
            throw configuration.problem("num_kv_heads", say("\(keyValueHeads) must be the number of heads, \(heads)"))
        }
        guard heads % keyValueHeads == 0 else {
            throw configuration.problem("num_kv_heads", say("\(keyValueHeads) does not divide \(heads) heads"))
        }
        let rope = try RopeConfiguration(configuration)
        let settings = try rope.settings(headDimension: headDimension)
        let trained = try configuration.size("max_position_embeddings", default: 2048, limit: 1 << 30)
        shape = ModelShape(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), heads: heads,
            keyValueHeads: keyValueHeads, headDimension: headDimension, hidden: hidden,
            intermediate: try configuration.size("ffn_hidden_size", default: 4 * hidden),
            vocabulary: try configuration.size("vocab_size"),
            trainedWindow: rope.original ?? trained,
            ropeBase: rope.base,
            normEpsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)),
            rotaryDimensions: settings.dimensions)
        bias = try configuration.flag("bias", default: false)
        activation = try configuration.activation(["activation"], default: "gelu")
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: true)
        traits = ModelTraits(decoder: shape, ropes: [settings])
    }

    private static func kind(_ configuration: Configuration, isParallel: Bool) throws(ModelError) -> Kind {
        guard try configuration.flag("new_decoder_architecture", default: false) else {
            return try configuration.flag("multi_query", default: true) ? .multiQuery : .heads
        }
        guard isParallel else {
            throw configuration.problem("parallel_attn", say("must be true with new_decoder_architecture"))
        }
        return .grouped(norms: try configuration.size("num_ln_in_parallel_attn", default: 2, limit: 2))
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("word_embeddings.weight") ? "" : "transformer."
        let tokens = try weights.linear(prefix + "word_embeddings", outputs: shape.vocabulary, inputs: shape.hidden)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)h.\(index).", weights)) }
        let output =
            try weights.outputMatrix("lm_head", shape, tokens: tiesEmbeddings ? tokens : nil, bias: false)
        return Architecture(
            decoder: Stack(
                embedding: Embedding(tokens: tokens), blocks: blocks, finalNorm: try norm(prefix + "ln_f", weights)),
            head: OutputHead(weights: output))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, weights)
    }

    private func norms(
        _ name: String, _ weights: Weights
    ) throws(ModelError) -> (attention: Norm, feedForward: Norm) {
        if case .grouped(norms: 2) = kind {
            return (try norm(name + "ln_attn", weights), try norm(name + "ln_mlp", weights))
        }
        let first = try norm(name + "input_layernorm", weights)
        return (first, isParallel ? first : try norm(name + "post_attention_layernorm", weights))
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let norms = try norms(name, weights)
        return Block(
            arrangement: isParallel ? .parallel : .normFirst, attentionNorm: norms.attention,
            attention: try attention(name + "self_attention.", weights), feedForwardNorm: norms.feedForward,
            feedForward: try weights.plainFeedForward(
                up: name + "mlp.dense_h_to_4h", down: name + "mlp.dense_4h_to_h", shape, activation, bias: bias))
    }

    private func attention(_ name: String, _ weights: Weights) throws(ModelError) -> AttentionLayer {
        let d = shape.headDimension
        let outputs = (shape.heads + 2 * shape.keyValueHeads) * d
        let fused = try weights.linear(name + "query_key_value", outputs: outputs, inputs: shape.hidden, bias: bias)
        // In each kind some queries come before their key and value.
        let (group, groups) = (shape.groupSize, shape.keyValueHeads)
        func rows(_ members: Range<Int>) -> WeightMatrix {
            fused.gathering(
                rows: (0..<groups).flatMap { index in
                    members.flatMap { member in (0..<d).map { (index * (group + 2) + member) * d + $0 } }
                })
        }
        return AttentionLayer(
            query: rows(0..<group), key: rows(group..<group + 1), value: rows(group + 1..<group + 2),
            output: try weights.linear(name + "dense", outputs: shape.hidden, inputs: shape.hidden, bias: bias))
    }
}
