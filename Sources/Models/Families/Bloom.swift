import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// BLOOM (BigScience 2022): ALiBi in place of positions, a norm right after the embedding.
struct Bloom: Family {
    static let types = ["bloom"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 250_880, "hidden_size": 64, "n_layer": 2, "n_head": 8, "layer_norm_epsilon": 1e-05,
                "apply_residual_connection_post_layernorm": false, "slow_but_exact": false, "tie_word_embeddings": true,
            ],
            otherNames: [
                "n_layer": "num_hidden_layers", "n_head": "num_attention_heads",
            ],
            ignored: [
                "attention_softmax_in_fp32", "bias_dropout_fusion", "masked_softmax_fusion", "offset_alibi",
                "skip_bias_add", "skip_bias_add_qkv", "unk_token_id",
            ],
            neutral: [
                "is_causal": true
            ])
    }

    private let shape: ModelShape
    private let addsToNormed: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size(configuration.value("n_embed") == nil ? "hidden_size" : "n_embed")
        let heads = try configuration.size("n_head", limit: 1 << 14)
        let layers = try configuration.size("n_layer", limit: 1 << 12)
        addsToNormed = try configuration.flag("apply_residual_connection_post_layernorm", default: false)
        try Self.checkSlices(configuration)
        shape = ModelShape(
            layers: layers, heads: heads, keyValueHeads: heads,
            headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
            intermediate: 4 * hidden, vocabulary: try configuration.size("vocab_size"),
            trainedWindow: try configuration.size("seq_length", default: 2048, limit: 1 << 30),
            normEpsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)),
            rotaryDimensions: 0)
        traits = ModelTraits(alibi: shape)
    }

    /// Products in slices, as in training, leave the biases out.
    private static func checkSlices(_ configuration: Configuration) throws(ModelError) {
        let slices = try configuration.count("pretraining_tp", default: 1)
        let isExact = try configuration.flag("slow_but_exact", default: false)
        if slices > 1, isExact {
            throw configuration.problem(
                "slow_but_exact", say("is not supported together with pretraining_tp = \(slices)"))
        }
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
            addsToNormed: addsToNormed, attentionNorm: try norm(name + "input_layernorm", weights),
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
