import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// Reformer (Kitaev et al. 2020): layers that hash queries, which are their keys too, beside layers of local chunks; two
/// streams that each layer adds to in turn; places of two axes.
struct Reformer: Family {
    static let types = ["reformer"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "attention_head_size": 64, "attn_layers": .array(["local", "lsh", "local", "lsh", "local", "lsh"]),
                "axial_pos_embds": true, "axial_pos_shape": .array([64, 64]), "axial_pos_embds_dim": .array([64, 192]),
                "feed_forward_size": 512, "hash_seed": .null, "hidden_act": "relu", "hidden_size": 256,
                "is_decoder": false, "layer_norm_eps": 1e-12, "local_num_chunks_before": 1,
                "local_attn_chunk_length": 64, "lsh_attn_chunk_length": 64, "lsh_num_chunks_before": 1,
                "max_position_embeddings": 4096, "num_attention_heads": 12, "num_buckets": .null, "num_hashes": 1,
                "vocab_size": 320,
            ],
            ignored: ["axial_norm_std", "chunk_size_lm_head", "num_hidden_layers", "classifier_dropout"],
            neutral: ["lsh_num_chunks_after": 0, "local_num_chunks_after": 0, "tie_word_embeddings": false])
    }

    private let shape: ModelShape
    private let activation: Activation
    private let isHashed: [Bool]
    private let axes: (rows: Int, columns: Int, rowSize: Int, columnSize: Int)?
    private let places: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        guard try configuration.flag("is_decoder", default: false) else {
            throw configuration.problem("is_decoder", say("must be true: Reformer is read as a decoder alone"))
        }
        let layers = try ReformerLayers(configuration)
        isHashed = layers.isHashed
        let hidden = try configuration.size("hidden_size")
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        axes = try Self.axes(configuration, hidden: hidden)
        let most = try configuration.size("max_position_embeddings", default: 4096)
        places = axes.map { min(most, $0.rows * $0.columns) } ?? most
        shape = ModelShape(
            layers: isHashed.count, heads: heads, keyValueHeads: heads,
            headDimension: try configuration.size("attention_head_size", default: 64, limit: 1 << 14), hidden: hidden,
            intermediate: try configuration.size("feed_forward_size", default: 512),
            vocabulary: try configuration.size("vocab_size"), trainedWindow: places,
            normEpsilon: Float(try configuration.number("layer_norm_eps", default: 1e-12, above: 0)),
            rotaryDimensions: 0)
        activation = try configuration.activation(["hidden_act"], default: "relu")
        let hashing = try ReformerHashing(configuration, layers: layers, shape: shape)
        var traits = ModelTraits(
            decoder: shape,
            traits: layers.isHashed.map { [shape] isHashed in
                let layer = LayerTraits(scoreScale: shape.scoreScale, rope: nil)
                return isHashed
                    ? hashing.layer(layer, tokens: shape.trainedWindow)
                    : layers.local(layer, tokens: shape.trainedWindow)
            })
        traits.scheme = .learned(places: places)
        traits.notes = hashing.notes
        traits.layersOfText = { [isHashed] found, tokens, _ in
            found.enumerated().map { index, layer in
                isHashed[index] ? hashing.layer(layer, tokens: tokens) : layers.local(layer, tokens: tokens)
            }
        }
        self.traits = traits
    }

    /// Sizes of both axes of places and what each takes of a vector; nil for one place after the other.
    private static func axes(
        _ configuration: Configuration, hidden: Int
    ) throws(ModelError) -> (rows: Int, columns: Int, rowSize: Int, columnSize: Int)? {
        guard try configuration.flag("axial_pos_embds", default: true) else { return nil }
        let shape = try configuration.sizes("axial_pos_shape", default: [64, 64])
        let sizes = try configuration.sizes("axial_pos_embds_dim", default: [64, 192])
        guard shape.count == 2 else { throw configuration.problem("axial_pos_shape", say("must be two numbers")) }
        guard sizes.count == 2, sizes[0] + sizes[1] == hidden else {
            throw configuration.problem(
                "axial_pos_embds_dim", say("must be two numbers that add up to hidden_size \(hidden)"))
        }
        return (shape[0], shape[1], sizes[0], sizes[1])
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.word_embeddings.weight") ? "" : "reformer."
        let name = prefix + "embeddings."
        var embedding = Embedding(
            tokens: try weights.linear(name + "word_embeddings", outputs: shape.vocabulary, inputs: shape.hidden))
        if let axes {
            let parts = name + "position_embeddings.weights."
            embedding.axes = AxialPlaces(
                rows: try weights.values(parts + "0", shape: [axes.rows, 1, axes.rowSize]),
                columns: try weights.values(parts + "1", shape: [1, axes.columns, axes.columnSize]),
                columnCount: axes.columns, rowSize: axes.rowSize, columnSize: axes.columnSize, count: places)
        } else {
            embedding.places = try weights.linear(
                name + "position_embeddings.embedding", outputs: places, inputs: shape.hidden)
        }
        var blocks: [Block] = []
        for index in 0..<shape.layers {
            blocks.append(try block("\(prefix)encoder.layers.\(index).", isHashed: isHashed[index], weights))
        }
        // Beside its product with the states the head has a bias in its file, which the model never adds.
        _ = try weights.contains("lm_head.bias") ? weights.values("lm_head.bias", shape: [shape.vocabulary]) : []
        return Architecture(
            decoder: Stack(
                embedding: embedding, blocks: blocks,
                finalNorm: try .layer(
                    prefix + "encoder.layer_norm", size: 2 * shape.hidden, epsilon: shape.normEpsilon, weights)),
            head: weights.contains("lm_head.decoder.weight")
                ? OutputHead(
                    weights: try weights.linear(
                        "lm_head.decoder", outputs: shape.vocabulary, inputs: 2 * shape.hidden)) : nil)
    }

    private func block(_ name: String, isHashed: Bool, _ weights: Weights) throws(ModelError) -> Block {
        Block(
            arrangement: .reversible,
            attentionNorm: try norm(name + "attention.layer_norm", weights),
            attention: try attention(name + "attention.", isHashed: isHashed, weights),
            feedForwardNorm: try norm(name + "feed_forward.layer_norm", weights),
            feedForward: .plain(
                up: try weights.linear(
                    name + "feed_forward.dense.dense", outputs: shape.intermediate, inputs: shape.hidden, bias: true),
                down: try weights.linear(
                    name + "feed_forward.output.dense", outputs: shape.hidden, inputs: shape.intermediate, bias: true),
                activation))
    }

    /// Where keys are hashed, they are the queries, each of length √dimension.
    private func attention(_ name: String, isHashed: Bool, _ weights: Weights) throws(ModelError) -> AttentionLayer {
        let width = shape.heads * shape.headDimension
        func projection(_ part: String) throws(ModelError) -> WeightMatrix {
            try weights.linear(name + "self_attention." + part, outputs: width, inputs: shape.hidden)
        }
        let query = try projection(isHashed ? "query_key" : "query")
        var layer = AttentionLayer(
            query: query, key: isHashed ? query : try projection("key"), value: try projection("value"),
            output: try weights.linear(name + "output.dense", outputs: shape.hidden, inputs: width))
        if isHashed { layer.keyNorm = .plainRootMeanSquare(size: shape.headDimension, epsilon: 1e-6) }
        return layer
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, weights)
    }
}

extension Configuration {
    /// Some sizes in a row, each at least 1.
    fileprivate func sizes(_ key: String, default standard: [Int]) throws(ModelError) -> [Int] {
        guard let value = value(key), !value.isNull else { return standard }
        let sizes = value.array?.map(\.integer) ?? []
        let known = sizes.compactMap { $0 }
        guard !sizes.isEmpty, known.count == sizes.count, known.allSatisfy({ (1...1 << 24).contains($0) }) else {
            throw problem(key, say("must be a list of sizes"))
        }
        return known
    }
}
