import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// GPT-NeoX and Pythia (Black et al. 2022): part of each head turns, attention and feed-forward side by side.
struct GPTNeoX: Family {
    static let types = ["gpt_neox"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_432, "hidden_size": 6144, "intermediate_size": 24_576, "num_hidden_layers": 44,
                "num_attention_heads": 64, "hidden_act": "gelu", "max_position_embeddings": 2048,
                "layer_norm_eps": 1e-05, "tie_word_embeddings": false, "attention_bias": true,
                "use_parallel_residual": true,
            ])
    }

    private let shape: ModelShape
    private let activation: Activation
    private let isParallel: Bool
    private let attentionBias: Bool
    private let tiesEmbeddings: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        let headDimension = try configuration.headDimension(hidden: hidden, heads: heads)
        // The reference takes another dimension for the angles alone.
        if let own = configuration.value("head_dim")?.integer, own != headDimension {
            throw configuration.problem(
                "head_dim", say("\(own) is not the \(headDimension) that heads have in this family"))
        }
        let rope = try RopeConfiguration(
            configuration, thetaKey: "rotary_emb_base", shareKey: "rotary_pct")
        let settings = try rope.settings(headDimension: headDimension, partial: 0.25)
        let trained = try configuration.size("max_position_embeddings", default: 2048, limit: 1 << 30)
        shape = ModelShape(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: headDimension, hidden: hidden, intermediate: try configuration.size("intermediate_size"),
            vocabulary: try configuration.size("vocab_size"),
            trainedWindow: rope.original ?? trained,
            ropeBase: rope.base,
            normEpsilon: Float(try configuration.number("layer_norm_eps", default: 1e-5, above: 0)),
            rotaryDimensions: settings.dimensions)
        activation = try configuration.activation(["hidden_act"], default: "gelu")
        isParallel = try configuration.flag("use_parallel_residual", default: true)
        attentionBias = try configuration.flag("attention_bias", default: true)
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: false)
        traits = ModelTraits(decoder: shape, ropes: [settings])
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embed_in.weight") ? "" : "gpt_neox."
        let embedding = try weights.linear(prefix + "embed_in", outputs: shape.vocabulary, inputs: shape.hidden)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)layers.\(index).", weights)) }
        let norm = try Norm.layer(
            prefix + "final_layer_norm", size: shape.hidden, epsilon: shape.normEpsilon, weights)
        let output =
            tiesEmbeddings && !weights.contains("embed_out.weight")
            ? embedding : try weights.linear("embed_out", outputs: shape.vocabulary, inputs: shape.hidden)
        return Architecture(
            decoder: Stack(embedding: Embedding(tokens: embedding), blocks: blocks, finalNorm: norm),
            head: OutputHead(weights: output))
    }

    /// x += attention(norm(x)) + mlp(otherNorm(x)), or one after the other.
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        func norm(_ part: String) throws(ModelError) -> Norm {
            try .layer(name + part, size: shape.hidden, epsilon: shape.normEpsilon, weights)
        }
        return Block(
            arrangement: isParallel ? .parallel : .normFirst, attentionNorm: try norm("input_layernorm"),
            attention: try attention(name + "attention.", weights),
            feedForwardNorm: try norm("post_attention_layernorm"),
            feedForward: .plain(
                up: try weights.linear(
                    name + "mlp.dense_h_to_4h", outputs: shape.intermediate, inputs: shape.hidden, bias: true),
                down: try weights.linear(
                    name + "mlp.dense_4h_to_h", outputs: shape.hidden, inputs: shape.intermediate, bias: true),
                activation))
    }

    private func attention(_ name: String, _ weights: Weights) throws(ModelError) -> AttentionLayer {
        let fused = try weights.fusedHeads(name + "query_key_value", shape, bias: attentionBias)
        return AttentionLayer(
            query: fused.query, key: fused.key, value: fused.value,
            output: try weights.linear(
                name + "dense", outputs: shape.hidden, inputs: shape.hidden, bias: attentionBias))
    }
}

extension Weights {
    /// A projection whose rows are, head by head, queries, keys and values.
    func fusedHeads(
        _ name: String, _ shape: ModelShape, bias: Bool
    ) throws(ModelError) -> (query: WeightMatrix, key: WeightMatrix, value: WeightMatrix) {
        let d = shape.headDimension
        let fused = try linear(name, outputs: 3 * shape.heads * d, inputs: shape.hidden, bias: bias)
        func part(_ index: Int) -> WeightMatrix {
            fused.gathering(rows: (0..<shape.heads).flatMap { head in (0..<d).map { (head * 3 + index) * d + $0 } })
        }
        return (part(0), part(1), part(2))
    }
}
