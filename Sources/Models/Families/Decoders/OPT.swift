import RopewalkKernels
import RopewalkMethods

/// OPT (Zhang et al. 2022): learned positions and LayerNorm before each part; the 350M model has norms after each part and
/// embeddings that are narrower than its stream.
struct OPT: Family {
    static let types = ["opt"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_272, "hidden_size": 768, "num_hidden_layers": 12, "ffn_dim": 3072,
                "max_position_embeddings": 2048, "do_layer_norm_before": true, "_remove_final_layer_norm": false,
                "word_embed_proj_dim": .null, "num_attention_heads": 12, "activation_function": "relu",
                "enable_bias": true, "layer_norm_elementwise_affine": true, "tie_word_embeddings": true,
            ],
            ignored: ["output_projection"])
    }

    private let shape: ModelShape
    private let places: Int
    private let activation: Activation
    private let embeddingSize: Int
    private let normsFirst: Bool
    private let hasFinalNorm: Bool
    private let bias: Bool
    /// In place of all norms where they have no weights.
    private let plainNorm: Norm?
    private let tiesEmbeddings: Bool
    /// Rows of the position table that stand before the first place.
    private static let firstPlace = 2
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        places = try configuration.size("max_position_embeddings", default: 2048)
        shape = ModelShape(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
            intermediate: try configuration.size("ffn_dim", default: 3072),
            vocabulary: try configuration.size("vocab_size"), trainedWindow: places, normEpsilon: 1e-5,
            rotaryDimensions: 0)
        activation = try configuration.activation(["activation_function"], default: "relu")
        embeddingSize = try configuration.size("word_embed_proj_dim", default: hidden)
        normsFirst = try configuration.flag("do_layer_norm_before", default: true)
        hasFinalNorm = try !configuration.flag("_remove_final_layer_norm", default: false) && normsFirst
        bias = try configuration.flag("enable_bias", default: true)
        let weighsNorms = try configuration.flag("layer_norm_elementwise_affine", default: true)
        plainNorm = weighsNorms ? nil : .plainLayer(size: hidden, epsilon: shape.normEpsilon)
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: true)
        var traits = ModelTraits(decoder: shape)
        traits.scheme = .learned(places: places)
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = ["model.decoder.", "decoder.", ""].first { weights.contains($0 + "embed_tokens.weight") }
        let name = prefix ?? "model.decoder."
        let tokens = try weights.linear(name + "embed_tokens", outputs: shape.vocabulary, inputs: embeddingSize)
        let isNarrow = embeddingSize != shape.hidden
        func projection(_ part: String, _ outputs: Int, _ inputs: Int) throws(ModelError) -> WeightMatrix? {
            isNarrow ? try weights.linear(name + part, outputs: outputs, inputs: inputs) : nil
        }
        let inner = try projection("project_in", shape.hidden, embeddingSize)
        let outer = try projection("project_out", embeddingSize, shape.hidden)
        let embedding = Embedding(
            tokens: tokens,
            places: try weights.linear(
                name + "embed_positions", outputs: places + Self.firstPlace, inputs: shape.hidden),
            firstPlace: Self.firstPlace, projection: inner.map { Embedding.Projection(matrix: $0, isFirst: true) })
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(name)layers.\(index).", weights)) }
        let output =
            tiesEmbeddings && !weights.contains("lm_head.weight")
            ? tokens : try weights.linear("lm_head", outputs: shape.vocabulary, inputs: embeddingSize)
        return Architecture(
            decoder: Stack(
                embedding: embedding, blocks: blocks,
                finalNorm: hasFinalNorm ? try norm(name + "final_layer_norm", weights) : nil),
            head: OutputHead(transform: outer.map { OutputHead.Transform(dense: $0) }, weights: output))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        if let plainNorm { return plainNorm }
        return try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, weights)
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        Block(
            arrangement: normsFirst ? .normFirst : .normLast,
            attentionNorm: try norm(name + "self_attn_layer_norm", weights),
            attention: try weights.llamaAttention(name + "self_attn.", shape, bias: bias, output: "out_proj"),
            feedForwardNorm: try norm(name + "final_layer_norm", weights),
            feedForward: try weights.plainFeedForward(
                up: name + "fc1", down: name + "fc2", shape, activation, bias: bias))
    }
}
