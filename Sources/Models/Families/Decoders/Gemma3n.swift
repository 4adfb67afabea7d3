import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// The text part of Gemma 3n (2025): several streams beside each other (`AltUp`), a window on four of five layers, and upper
/// layers that read the keys and values of lower ones.
struct Gemma3n: Family {
    static let types = ["gemma3n_text"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 262_400, "hidden_size": 2048, "intermediate_size": 16_384, "num_hidden_layers": 35,
                "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 256,
                "hidden_activation": "gelu_pytorch_tanh", "max_position_embeddings": 32_768, "rms_norm_eps": 1e-06,
                "tie_word_embeddings": true, "attention_bias": false, "sliding_window": 512, "layer_types": .null,
                "final_logit_softcapping": 30.0, "rope_theta": 1_000_000, "rope_local_base_freq": 10_000,
                "vocab_size_per_layer_input": 262_144, "hidden_size_per_layer_input": 256, "altup_active_idx": 0,
                "altup_correct_scale": true, "altup_num_inputs": 4, "num_kv_shared_layers": 15, "laurel_rank": 64,
                "activation_sparsity_pattern": .null,
            ],
            ignored: ["altup_coef_clip", "altup_lr_multiplier", "audio_soft_tokens_per_image", "query_pre_attn_scalar"])
    }

    private let common: LlamaLikeConfiguration
    private let streams: StreamSizes
    private let finalCap: Float?
    private let bias: Bool
    /// Of gates, in standard deviations; nil where a layer cuts nothing.
    private let cuts: [Float?]
    /// Layers whose keys and values the upper ones read, layer by layer.
    private let sources: [Int?]
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let layers = try configuration.size("num_hidden_layers", limit: 1 << 12)
        common = try LlamaLikeConfiguration(
            try configuration.withOneSize(layers: layers), activation: "gelu_pytorch_tanh", tiesEmbeddings: true,
            ropeLayerType: "full_attention", theta: 1_000_000, activationKeys: ["hidden_activation"])
        streams = try StreamSizes(configuration, vocabulary: common.shape.vocabulary)
        finalCap = try configuration.cap("final_logit_softcapping", default: 30)
        bias = try configuration.flag("attention_bias", default: false)
        cuts = try configuration.cuts(layers: layers)
        let slides = try configuration.slidingLayers(layers: layers) { ($0 + 1) % 5 != 0 }
        let sliding = (0..<layers).map(slides)
        sources = try configuration.sources(sliding)
        var traits = try common.traits(scoreScale: 1, slides: slides)
        traits.ropes.append(
            try RopeConfiguration.ofSlidingLayers(
                configuration, dimensions: common.shape.rotaryDimensions, legacy: "rope_local_base_freq",
                theta: 10_000))
        for layer in 0..<layers where slides(layer) { traits.decoder[layer].rope = 1 }
        traits.notes = Self.notes(sources, sliding, streams.count)
        traits.sharesKeys = true
        self.traits = traits
    }

    private static func notes(_ sources: [Int?], _ sliding: [Bool], _ streams: Int) -> [String] {
        let beside = say("\(streams) streams run beside each other; each layer's attention reads one of them")
        guard let first = sources.firstIndex(where: { $0 != nil }) else { return [beside] }
        let shared = Set(sources.compactMap { $0 }).sorted().map { sliding[$0] ? say("L\($0) (window)") : "L\($0)" }
        return [
            say(
                """
                layers from L\(first) on have no keys and values of their own: they read and show those of \
                \(shared.joined(separator: say(" and ")))
                """),
            beside,
        ]
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let shape = common.shape
        var built: [Block] = []
        var architecture = try weights.llamaArchitecture(
            shape, tiesEmbeddings: common.tiesEmbeddings, embeddingScale: Float(shape.hidden).squareRoot(),
            softcap: finalCap
        ) { name, index throws(ModelError) in
            let source = sources[index].flatMap { place in
                built[place].mixer.attention.map { (place: place, attention: $0) }
            }
            let block = try block(name, index, source, weights)
            built.append(block)
            return block
        }
        architecture.decoder?.altUp = try streams.altUp(weights.llamaPrefix, shape, weights)
        return architecture
    }

    private func norm(_ name: String, size: Int? = nil, _ weights: Weights) throws(ModelError) -> Norm {
        try .rootMeanSquare(name, size: size ?? common.shape.hidden, epsilon: common.shape.normEpsilon, weights)
    }

    /// Of the active stream: y = (x + norm(attention(norm(x))) + residual(norm(x))) / √2; y += norm(down(gelu(gate) · up)).
    private func block(
        _ name: String, _ index: Int, _ source: (place: Int, attention: AttentionLayer)?, _ weights: Weights
    ) throws(ModelError) -> Block {
        Block(
            attentionNorm: try norm(name + "input_layernorm", weights),
            attention: try attention(name + "self_attn.", source, weights),
            attentionOutputNorm: try norm(name + "post_attention_layernorm", weights),
            feedForwardNorm: try norm(name + "pre_feedforward_layernorm", weights),
            feedForward: try feedForward(name + "mlp.", cut: cuts[index], weights),
            feedForwardOutputNorm: try norm(name + "post_feedforward_layernorm", weights),
            altUp: try streams.layer(name, common.shape, common.activation, weights))
    }

    private func feedForward(_ name: String, cut: Float?, _ weights: Weights) throws(ModelError) -> FeedForward {
        let plain = try weights.llamaFeedForward(name, common.shape, activation: common.activation)
        guard let cut, case .gated(let gate, let up, let down, let activation) = plain else { return plain }
        return .cut(gate: gate, up: up, down: down, activation, deviations: cut)
    }

    private func attention(
        _ name: String, _ source: (place: Int, attention: AttentionLayer)?, _ weights: Weights
    ) throws(ModelError) -> AttentionLayer {
        let shape = common.shape
        let queries = shape.heads * shape.headDimension
        let keys = shape.keyValueHeads * shape.headDimension
        func linear(_ part: String, _ outputs: Int, _ inputs: Int) throws(ModelError) -> WeightMatrix {
            try weights.linear(name + part, outputs: outputs, inputs: inputs, bias: bias)
        }
        let (key, value) =
            if let source { (source.attention.key, source.attention.value) } else {
                (try linear("k_proj", keys, shape.hidden), try linear("v_proj", keys, shape.hidden))
            }
        var layer = AttentionLayer(
            query: try linear("q_proj", queries, shape.hidden), key: key, value: value,
            output: try linear("o_proj", shape.hidden, queries))
        layer.keysOf = source?.place
        layer.queryNorm = try norm(name + "q_norm", size: shape.headDimension, weights)
        guard source == nil else { return layer }
        layer.keyNorm = try norm(name + "k_norm", size: shape.headDimension, weights)
        layer.valueNorm = .plainRootMeanSquare(size: shape.headDimension, epsilon: shape.normEpsilon)
        return layer
    }
}
