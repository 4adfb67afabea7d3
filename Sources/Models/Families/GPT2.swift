import RopewalkKernels
import RopewalkMethods

/// GPT-2 (Radford et al. 2019): learned positions, LayerNorm before each part, weights stored as [inputs, outputs].
struct GPT2: Family {
    static let types = ["gpt2"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_257, "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12,
                "n_inner": .null, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05,
                "scale_attn_weights": true, "scale_attn_by_inverse_layer_idx": false, "tie_word_embeddings": true,
            ],
            otherNames: [
                "n_embd": "hidden_size", "n_positions": "max_position_embeddings", "n_head": "num_attention_heads",
                "n_layer": "num_hidden_layers",
            ],
            ignored: [
                "n_ctx", "reorder_and_upcast_attn", "summary_activation", "summary_first_dropout",
                "summary_proj_to_labels", "summary_type", "summary_use_proj", "add_cross_attention",
            ])
    }

    private let shape: ModelShape
    private let activation: Activation
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("n_embd")
        let heads = try configuration.size("n_head", limit: 1 << 14)
        let places = try configuration.size("n_positions", default: 1024)
        shape = ModelShape(
            layers: try configuration.size("n_layer", limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: try configuration.headDimension(hidden: hidden, heads: heads), hidden: hidden,
            intermediate: try configuration.size("n_inner", default: 4 * hidden),
            vocabulary: try configuration.size("vocab_size"), trainedWindow: places,
            normEpsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)),
            rotaryDimensions: 0)
        activation = try configuration.activation(["activation_function"], default: "gelu_new")
        let divides = try configuration.flag("scale_attn_by_inverse_layer_idx", default: false)
        let scales = try configuration.flag("scale_attn_weights", default: true)
        let base = scales ? shape.scoreScale : 1
        var traits = ModelTraits(
            decoder: shape,
            traits: (0..<shape.layers).map {
                LayerTraits(scoreScale: divides ? base / Float($0 + 1) : base, rope: nil)
            })
        traits.scheme = .learned(places: places)
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("wte.weight") ? "" : "transformer."
        let embedding = try weights.linear(prefix + "wte", outputs: shape.vocabulary, inputs: shape.hidden)
        let places = try weights.linear(prefix + "wpe", outputs: shape.trainedWindow, inputs: shape.hidden)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)h.\(index).", weights)) }
        let norm = try Norm.layer(prefix + "ln_f", size: shape.hidden, epsilon: shape.normEpsilon, weights)
        let output =
            weights.contains("lm_head.weight")
            ? try weights.linear("lm_head", outputs: shape.vocabulary, inputs: shape.hidden) : embedding
        return Architecture(
            decoder: Stack(
                embedding: Embedding(tokens: embedding, places: places), blocks: blocks, finalNorm: norm),
            head: OutputHead(weights: output))
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let hidden = shape.hidden
        func linear(_ name: String, outputs: Int, inputs: Int) throws(ModelError) -> WeightMatrix {
            try weights.linear(name, outputs: outputs, inputs: inputs, bias: true, inputsFirst: true)
        }
        let fused = try linear(name + "attn.c_attn", outputs: 3 * hidden, inputs: hidden)
        return Block(
            attentionNorm: try .layer(name + "ln_1", size: hidden, epsilon: shape.normEpsilon, weights),
            attention: AttentionLayer(
                query: fused.rows(0..<hidden), key: fused.rows(hidden..<2 * hidden),
                value: fused.rows(2 * hidden..<3 * hidden),
                output: try linear(name + "attn.c_proj", outputs: hidden, inputs: hidden)),
            feedForwardNorm: try .layer(name + "ln_2", size: hidden, epsilon: shape.normEpsilon, weights),
            feedForward: .plain(
                up: try linear(name + "mlp.c_fc", outputs: shape.intermediate, inputs: hidden),
                down: try linear(name + "mlp.c_proj", outputs: hidden, inputs: shape.intermediate), activation))
    }
}
