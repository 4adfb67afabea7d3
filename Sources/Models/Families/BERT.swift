import RopewalkKernels
import RopewalkMethods

/// What the encoders of the BERT line have in common: BERT, Longformer and BigBird.
struct BERTLikeConfiguration {
    let shape: ModelShape
    let activation: Activation
    let segments: Int
    /// Rows of the table of learned places.
    let placeRows: Int

    init(_ configuration: Configuration, activation standard: String = "gelu") throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        placeRows = try configuration.size("max_position_embeddings", default: 512)
        segments = try configuration.size("type_vocab_size", default: 2)
        shape = ModelShape(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
            intermediate: try configuration.size("intermediate_size"),
            vocabulary: try configuration.size("vocab_size"), trainedWindow: placeRows,
            normEpsilon: Float(try configuration.number("layer_norm_eps", default: 1e-12, above: 0)),
            rotaryDimensions: 0)
        activation = try configuration.activation(["hidden_act"], default: standard)
    }
}

/// BERT (Devlin et al. 2019): every token reads every other; norms after each part.
struct BERT: Family {
    static let types = ["bert"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 30_522, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
                "intermediate_size": 3072, "hidden_act": "gelu", "max_position_embeddings": 512,
                "type_vocab_size": 2, "layer_norm_eps": 1e-12, "is_decoder": false, "tie_word_embeddings": true,
            ],
            ignored: [
                "classifier_dropout", "add_cross_attention", "pooler_fc_size", "pooler_num_attention_heads",
                "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type",
            ],
            neutral: [
                "position_embedding_type": "absolute"
            ])
    }

    private let common: BERTLikeConfiguration
    /// Whether a token sees only those before it.
    private let isDecoder: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try BERTLikeConfiguration(configuration)
        isDecoder = try configuration.flag("is_decoder", default: false)
        let scheme = PositionScheme.learned(places: common.placeRows)
        var traits = ModelTraits(encoder: common.shape, scheme: scheme)
        if isDecoder {
            traits = ModelTraits(decoder: common.shape)
            traits.scheme = scheme
        }
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.word_embeddings.weight") ? "" : "bert."
        let stack = try weights.bertStack(prefix, common)
        var architecture = isDecoder ? Architecture(decoder: stack) : Architecture(encoder: stack)
        architecture.head = try weights.bertHead(common, tokens: stack.embedding.tokens)
        architecture.pooler = try weights.bertPooler(prefix, common)
        return architecture
    }
}

extension Weights {
    /// An encoder of the BERT line.
    /// - Parameter embeddingSize: nil where embeddings are as wide as the stream
    func bertStack(
        _ prefix: String, _ common: BERTLikeConfiguration, globals: Bool = false, embeddingSize: Int? = nil,
        projectionBias: Bool = true
    ) throws(ModelError) -> Stack {
        let shape = common.shape
        let name = prefix + "embeddings."
        let width = embeddingSize ?? shape.hidden
        let embedding = Embedding(
            tokens: try linear(name + "word_embeddings", outputs: shape.vocabulary, inputs: width),
            places: try linear(name + "position_embeddings", outputs: common.placeRows, inputs: width),
            types: try linear(name + "token_type_embeddings", outputs: common.segments, inputs: width),
            norm: try .layer(name + "LayerNorm", size: width, epsilon: shape.normEpsilon, self))
        var blocks: [Block] = []
        for index in 0..<shape.layers {
            blocks.append(
                try bertBlock(
                    "\(prefix)encoder.layer.\(index).", common, globals: globals, projectionBias: projectionBias))
        }
        return Stack(embedding: embedding, blocks: blocks, finalNorm: nil)
    }

    /// x = norm(x + attention(x)); x = norm(x + down(activation(up(x)))).
    private func bertBlock(
        _ name: String, _ common: BERTLikeConfiguration, globals: Bool, projectionBias: Bool
    ) throws(ModelError) -> Block {
        let shape = common.shape
        let attention = name + "attention.self."
        func square(_ name: String, bias: Bool) throws(ModelError) -> WeightMatrix {
            try linear(name, outputs: shape.hidden, inputs: shape.hidden, bias: bias)
        }
        func projection(_ name: String) throws(ModelError) -> WeightMatrix {
            try square(attention + name, bias: projectionBias)
        }
        return Block(
            arrangement: .normLast,
            attentionNorm: try .layer(
                name + "attention.output.LayerNorm", size: shape.hidden, epsilon: shape.normEpsilon, self),
            attention: AttentionLayer(
                query: try projection("query"), key: try projection("key"), value: try projection("value"),
                output: try square(name + "attention.output.dense", bias: true),
                global: globals
                    ? AttentionLayer.GlobalProjections(
                        query: try projection("query_global"), key: try projection("key_global"),
                        value: try projection("value_global")) : nil),
            feedForwardNorm: try .layer(
                name + "output.LayerNorm", size: shape.hidden, epsilon: shape.normEpsilon, self),
            feedForward: .plain(
                up: try linear(
                    name + "intermediate.dense", outputs: shape.intermediate, inputs: shape.hidden, bias: true),
                down: try linear(
                    name + "output.dense", outputs: shape.hidden, inputs: shape.intermediate, bias: true),
                common.activation))
    }

    /// The masked-language head; nil where the file has none.
    func bertHead(_ common: BERTLikeConfiguration, tokens: WeightMatrix) throws(ModelError) -> OutputHead? {
        let name = "cls.predictions."
        guard contains(name + "transform.dense.weight") else { return nil }
        let shape = common.shape
        return OutputHead(
            transform: OutputHead.Transform(
                dense: try linear(
                    name + "transform.dense", outputs: shape.hidden, inputs: shape.hidden, bias: true),
                activation: common.activation,
                norm: try .layer(
                    name + "transform.LayerNorm", size: shape.hidden, epsilon: shape.normEpsilon, self)),
            weights: try outputMatrix(name + "decoder", bias: name + "bias", shape, tokens: tokens))
    }

    /// The last matrix of a head, which is that of the embedding unless the file has one of its own.
    func outputMatrix(
        _ name: String, bias: String, _ shape: ModelShape, tokens: WeightMatrix
    ) throws(ModelError) -> WeightMatrix {
        let own = contains(name + ".weight")
        let matrix = own ? try linear(name, outputs: shape.vocabulary, inputs: shape.hidden) : tokens
        let bias = contains(name + ".bias") ? name + ".bias" : bias
        return matrix.biased(try values(bias, shape: [shape.vocabulary]))
    }
}
