import RopewalkKernels

/// DistilBERT (Sanh et al. 2019): a BERT with half the layers and without kinds of segments.
struct DistilBERT: Family {
    static let types = ["distilbert"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 30_522, "max_position_embeddings": 512, "sinusoidal_pos_embds": false, "n_layers": 6,
                "n_heads": 12, "dim": 768, "hidden_dim": 3072, "activation": "gelu", "tie_word_embeddings": true,
            ],
            otherNames: ["dim": "hidden_size", "n_layers": "num_hidden_layers", "n_heads": "num_attention_heads"],
            ignored: ["tie_weights_"])
    }

    private let shape: ModelShape
    private let activation: Activation
    private let places: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("dim", default: 768)
        let heads = try configuration.size("n_heads", default: 12, limit: 1 << 14)
        places = try configuration.size("max_position_embeddings", default: 512)
        shape = ModelShape(
            layers: try configuration.size("n_layers", default: 6, limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
            intermediate: try configuration.size("hidden_dim", default: 3072),
            vocabulary: try configuration.size("vocab_size", default: 30_522), trainedWindow: places,
            normEpsilon: 1e-12, rotaryDimensions: 0)
        activation = try configuration.activation(["activation"], default: "gelu")
        traits = ModelTraits(encoder: shape, scheme: .learned(places: places))
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.word_embeddings.weight") ? "" : "distilbert."
        let name = prefix + "embeddings."
        let tokens = try weights.linear(
            name + "word_embeddings", outputs: shape.vocabulary, inputs: shape.hidden)
        let embedding = Embedding(
            tokens: tokens,
            places: try weights.linear(name + "position_embeddings", outputs: places, inputs: shape.hidden),
            norm: try norm(name + "LayerNorm", weights))
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)transformer.layer.\(index).", weights)) }
        return Architecture(
            encoder: Stack(embedding: embedding, blocks: blocks, finalNorm: nil), head: try head(tokens, weights))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, weights)
    }

    /// x = norm(x + attention(x)); x = norm(x + down(gelu(up(x)))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        func square(_ part: String) throws(ModelError) -> WeightMatrix {
            try weights.linear(name + "attention." + part, outputs: shape.hidden, inputs: shape.hidden, bias: true)
        }
        return Block(
            arrangement: .normLast, attentionNorm: try norm(name + "sa_layer_norm", weights),
            attention: AttentionLayer(
                query: try square("q_lin"), key: try square("k_lin"), value: try square("v_lin"),
                output: try square("out_lin")),
            feedForwardNorm: try norm(name + "output_layer_norm", weights),
            feedForward: try weights.plainFeedForward(
                up: name + "ffn.lin1", down: name + "ffn.lin2", shape, activation, bias: true))
    }

    private func head(_ tokens: WeightMatrix, _ weights: Weights) throws(ModelError) -> OutputHead? {
        guard weights.contains("vocab_transform.weight") else { return nil }
        let output =
            weights.contains("vocab_projector.weight")
            ? try weights.linear("vocab_projector", outputs: shape.vocabulary, inputs: shape.hidden) : tokens
        return OutputHead(
            transform: OutputHead.Transform(
                dense: try weights.linear(
                    "vocab_transform", outputs: shape.hidden, inputs: shape.hidden, bias: true),
                activation: activation, norm: try norm("vocab_layer_norm", weights)),
            weights: output.biased(try weights.values("vocab_projector.bias", shape: [shape.vocabulary])))
    }
}
