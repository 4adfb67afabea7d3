import RopewalkKernels
import RopewalkMethods

/// ModernBERT (Warner et al. 2024): an encoder with rotary positions and norms before each part; two of three layers see a
/// window on both sides, with a base of their own.
struct ModernBERT: Family {
    static let types = ["modernbert"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_368, "hidden_size": 768, "intermediate_size": 1152, "num_hidden_layers": 22,
                "num_attention_heads": 12, "hidden_activation": "gelu", "max_position_embeddings": 8192,
                "initializer_cutoff_factor": 2, "norm_eps": 1e-05, "norm_bias": false, "attention_bias": false,
                "layer_types": .null, "local_attention": 128, "mlp_bias": false, "decoder_bias": true,
                "classifier_pooling": "cls", "classifier_bias": false, "classifier_activation": "gelu",
                "deterministic_flash_attn": false, "sparse_prediction": false, "sparse_pred_ignore_index": -100,
                "tie_word_embeddings": true, "global_rope_theta": 160_000, "local_rope_theta": 10_000,
                "cls_token_id": 50_281,
            ],
            ignored: ["layer_norm_eps", "position_embedding_type", "reference_compile", "repad_logits_with_grad"])
    }

    private let shape: ModelShape
    private let activation: Activation
    private let headActivation: Activation
    private let normBias: Bool
    private let attentionBias: Bool
    private let mlpBias: Bool
    private let headBias: Bool
    private let outputBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        let headDimension = try configuration.headDimension(hidden: hidden, heads: heads)
        let layers = try configuration.size("num_hidden_layers", limit: 1 << 12)
        let global = try Self.global(configuration, headDimension: headDimension)
        shape = ModelShape(
            layers: layers, heads: heads, keyValueHeads: heads, headDimension: headDimension, hidden: hidden,
            intermediate: try configuration.size("intermediate_size"),
            vocabulary: try configuration.size("vocab_size"),
            trainedWindow: try configuration.size("max_position_embeddings", default: 8192, limit: 1 << 30),
            ropeBase: global.base,
            normEpsilon: Float(try configuration.number("norm_eps", default: 1e-5, above: 0)),
            rotaryDimensions: global.dimensions)
        activation = try configuration.activation(["hidden_activation"], default: "gelu")
        headActivation = try configuration.activation(["classifier_activation"], default: "gelu")
        normBias = try configuration.flag("norm_bias", default: false)
        attentionBias = try configuration.flag("attention_bias", default: false)
        mlpBias = try configuration.flag("mlp_bias", default: false)
        headBias = try configuration.flag("classifier_bias", default: false)
        outputBias = try configuration.flag("decoder_bias", default: true)
        let every = try configuration.size("global_attn_every_n_layers", default: 3)
        let slides = try configuration.slidingLayers(layers: layers) { $0 % every != 0 }
        // Half of it under another name, which counts first.
        let side =
            configuration.value("sliding_window") == nil
            ? try configuration.size("local_attention", default: 128) / 2
            : try configuration.size("sliding_window", limit: 1 << 23)
        var traits = ModelTraits(encoder: shape, scheme: .rotary)
        traits.ropes = [
            global,
            try RopeConfiguration.ofSlidingLayers(
                configuration, dimensions: headDimension, legacy: "local_rope_theta", theta: 10_000,
                scalesAll: true),
        ]
        for layer in 0..<layers {
            traits.encoder[layer].rope = slides(layer) ? 1 : 0
            if slides(layer) { traits.encoder[layer].windows = [Longformer(window: 2 * side)] }
        }
        self.traits = traits
    }

    /// The angles of layers without a window.
    private static func global(
        _ configuration: Configuration, headDimension: Int
    ) throws(ModelError) -> RotarySettings {
        try RopeConfiguration(
            configuration, layerType: "full_attention", theta: 160_000, thetaKey: "global_rope_theta", scalesAll: true
        )
        .settings(headDimension: headDimension)
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.tok_embeddings.weight") ? "" : "model."
        let tokens = try weights.linear(
            prefix + "embeddings.tok_embeddings", outputs: shape.vocabulary, inputs: shape.hidden)
        let embedding = Embedding(tokens: tokens, norm: try norm(prefix + "embeddings.norm", weights))
        var blocks: [Block] = []
        for index in 0..<shape.layers {
            blocks.append(try block("\(prefix)layers.\(index).", isFirst: index == 0, weights))
        }
        return Architecture(
            encoder: Stack(
                embedding: embedding, blocks: blocks, finalNorm: try norm(prefix + "final_norm", weights)),
            head: try head(tokens, weights))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, hasBias: normBias, weights)
    }

    /// x += attention(norm(x)); x += down(gelu(a(norm(x))) · b(norm(x))). The embeddings that the first block reads are
    /// normed already.
    private func block(_ name: String, isFirst: Bool, _ weights: Weights) throws(ModelError) -> Block {
        let (hidden, size) = (shape.hidden, shape.intermediate)
        let fused = try weights.linear(name + "attn.Wqkv", outputs: 3 * hidden, inputs: hidden, bias: attentionBias)
        let both = try weights.linear(name + "mlp.Wi", outputs: 2 * size, inputs: hidden, bias: mlpBias)
        return Block(
            attentionNorm: isFirst ? nil : try norm(name + "attn_norm", weights),
            attention: AttentionLayer(
                query: fused.rows(0..<hidden), key: fused.rows(hidden..<2 * hidden),
                value: fused.rows(2 * hidden..<3 * hidden),
                output: try weights.linear(name + "attn.Wo", outputs: hidden, inputs: hidden, bias: attentionBias)),
            feedForwardNorm: try norm(name + "mlp_norm", weights),
            feedForward: .gated(
                gate: both.rows(0..<size), up: both.rows(size..<2 * size),
                down: try weights.linear(name + "mlp.Wo", outputs: hidden, inputs: size, bias: mlpBias), activation))
    }

    private func head(_ tokens: WeightMatrix, _ weights: Weights) throws(ModelError) -> OutputHead? {
        guard weights.contains("head.dense.weight"), !weights.contains("classifier.weight") else { return nil }
        let output =
            weights.contains("decoder.weight")
            ? try weights.linear("decoder", outputs: shape.vocabulary, inputs: shape.hidden) : tokens
        return OutputHead(
            transform: OutputHead.Transform(
                dense: try weights.linear("head.dense", outputs: shape.hidden, inputs: shape.hidden, bias: headBias),
                activation: headActivation, norm: try norm("head.norm", weights)),
            weights: outputBias
                ? output.biased(try weights.values("decoder.bias", shape: [shape.vocabulary])) : output)
    }
}
