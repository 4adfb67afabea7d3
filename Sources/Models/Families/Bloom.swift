import Foundation
import RopewalkKernels
import RopewalkMethods

/// BLOOM (BigScience 2022): ALiBi in place of positions, a norm right after the embedding.
struct Bloom: Family {
    static let types = ["bloom"]

    private let shape: ModelShape
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size(configuration.value("hidden_size") == nil ? "n_embed" : "hidden_size")
        let heads = try configuration.size(
            configuration.value("n_head") == nil ? "num_attention_heads" : "n_head", limit: 1 << 14)
        let layers = try configuration.size(
            configuration.value("n_layer") == nil ? "num_hidden_layers" : "n_layer", limit: 1 << 12)
        shape = ModelShape(
            layers: layers, heads: heads, keyValueHeads: heads,
            headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
            intermediate: 4 * hidden, vocabulary: try configuration.size("vocab_size"),
            trainedWindow: try configuration.size("seq_length", default: 2048, limit: 1 << 30),
            normEpsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)),
            rotaryDimensions: 0)
        traits = ModelTraits(alibi: shape)
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("word_embeddings.weight") ? "" : "transformer."
        let tokens = try weights.linear(prefix + "word_embeddings", outputs: shape.vocabulary, inputs: shape.hidden)
        let norm = try norm(prefix + "word_embeddings_layernorm", weights)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)h.\(index).", weights)) }
        let output =
            weights.contains("lm_head.weight")
            ? try weights.linear("lm_head", outputs: shape.vocabulary, inputs: shape.hidden) : tokens
        return Architecture(
            decoder: Stack(
                embedding: Embedding(tokens: tokens, norm: norm), blocks: blocks,
                finalNorm: try self.norm(prefix + "ln_f", weights)),
            head: OutputHead(weights: output))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, weights)
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let hidden = shape.hidden
        let fused = try weights.fusedHeads(name + "self_attention.query_key_value", shape, bias: true)
        return Block(
            attentionNorm: try norm(name + "input_layernorm", weights),
            attention: AttentionLayer(
                query: fused.query, key: fused.key, value: fused.value,
                output: try weights.linear(
                    name + "self_attention.dense", outputs: hidden, inputs: hidden, bias: true)),
            feedForwardNorm: try norm(name + "post_attention_layernorm", weights),
            feedForward: .plain(
                up: try weights.linear(
                    name + "mlp.dense_h_to_4h", outputs: shape.intermediate, inputs: hidden, bias: true),
                down: try weights.linear(
                    name + "mlp.dense_4h_to_h", outputs: hidden, inputs: shape.intermediate, bias: true), .geluTanh))
    }
}

extension ModelTraits {
    /// A decoder with ALiBi in every layer.
    init(alibi shape: ModelShape, scoreScale: Float? = nil) {
        let slopes = ALiBi.slopes(heads: shape.heads)
        let traits = LayerTraits(scoreScale: scoreScale ?? shape.scoreScale, rope: nil, bias: .slopes(slopes))
        self.init(decoder: shape, traits: Array(repeating: traits, count: shape.layers))
        scheme = .alibi(slopes: slopes)
    }
}
