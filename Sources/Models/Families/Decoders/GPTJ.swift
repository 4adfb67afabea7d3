import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// GPT-J (Wang and Komatsuzaki 2021): attention and feed-forward layer side by side after one norm; dimensions that turn
/// together lie beside each other.
struct GPTJ: Family {
    static let types = ["gptj"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_400, "n_positions": 2048, "n_embd": 4096, "n_layer": 28, "n_head": 16,
                "rotary_dim": 64, "n_inner": .null, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05,
                "tie_word_embeddings": false,
            ],
            otherNames: [
                "n_embd": "hidden_size", "n_layer": "num_hidden_layers", "n_head": "num_attention_heads",
                "n_positions": "max_position_embeddings",
            ],
            ignored: ["n_ctx", "summary_activation", "summary_proj_to_labels", "summary_type", "summary_use_proj"],
            neutral: ["rotary": true, "scale_attn_weights": true])
    }

    private let shape: ModelShape
    private let activation: Activation
    private let tiesEmbeddings: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("n_embd")
        let heads = try configuration.size("n_head", limit: 1 << 14)
        let headDimension = try configuration.headDimension(hidden: hidden, heads: heads)
        if let value = configuration.root["rotary_dim"], value.isNull {
            throw configuration.problem(
                "rotary_dim", say("null is not supported: files of the family say how many turn"))
        }
        let turned = try configuration.size("rotary_dim", default: 64, limit: 1 << 10)
        guard turned % 2 == 0, turned <= headDimension else {
            throw configuration.problem("rotary_dim", say("must be even and at most the \(headDimension) of a head"))
        }
        shape = ModelShape(
            layers: try configuration.size("n_layer", limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: headDimension, hidden: hidden,
            intermediate: try configuration.size("n_inner", default: 4 * hidden),
            vocabulary: try configuration.size("vocab_size"),
            trainedWindow: try configuration.size("n_positions", default: 2048, limit: 1 << 30),
            normEpsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)),
            rotaryDimensions: turned)
        activation = try configuration.activation(["activation_function"], default: "gelu_new")
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: false)
        traits = ModelTraits(
            decoder: shape, ropes: [RotarySettings(base: 10_000, dimensions: turned, position: RoPE())])
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("wte.weight") ? "" : "transformer."
        let tokens = try weights.linear(prefix + "wte", outputs: shape.vocabulary, inputs: shape.hidden)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)h.\(index).", weights)) }
        let output = try weights.outputMatrix("lm_head", shape, tokens: tiesEmbeddings ? tokens : nil, bias: true)
        return Architecture(
            decoder: Stack(
                embedding: Embedding(tokens: tokens), blocks: blocks,
                finalNorm: try .layer(
                    prefix + "ln_f", size: shape.hidden, epsilon: shape.normEpsilon, weights)),
            head: OutputHead(weights: output))
    }

    /// x += attention(norm(x)) + down(gelu(up(norm(x)))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let norm = try Norm.layer(name + "ln_1", size: shape.hidden, epsilon: shape.normEpsilon, weights)
        return Block(
            arrangement: .parallel, attentionNorm: norm,
            attention: try weights.llamaAttention(name + "attn.", shape, output: "out_proj").splittingPairs(shape),
            feedForwardNorm: norm,
            feedForward: try weights.plainFeedForward(
                up: name + "mlp.fc_in", down: name + "mlp.fc_out", shape, activation, bias: true))
    }
}
