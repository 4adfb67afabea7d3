import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// RWKV-4 (Peng et al. 2023): channels that are means under fading weights, and no attention.
struct RWKV: Family {
    static let types = ["rwkv"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_277, "context_length": 1024, "hidden_size": 4096, "num_hidden_layers": 32,
                "attention_hidden_size": .null, "intermediate_size": .null, "layer_norm_epsilon": 1e-05,
                "rescale_every": 6, "tie_word_embeddings": false,
            ],
            otherNames: ["context_length": "max_position_embeddings"],
            neutral: ["is_causal": true])
    }

    private let shape: ModelShape
    private let channels: Int
    /// After so many layers the stream is halved; nil for never.
    private let rescale: Int?
    private let tiesEmbeddings: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        channels = try configuration.size("attention_hidden_size", default: hidden)
        rescale = try Self.rescale(configuration)
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: false)
        shape = .withoutAttention(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), hidden: hidden,
            intermediate: try configuration.size("intermediate_size", default: 4 * hidden),
            vocabulary: try configuration.size("vocab_size"),
            window: try configuration.size("context_length", default: 1024, limit: 1 << 30),
            epsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)))
        traits = .recurrent(
            shape,
            MixerTraits(
                kind: .rwkv, channels: channels, units: channels, states: 3, groups: 1, earlier: 2 * hidden))
    }

    /// 0 and what is below say never.
    private static func rescale(_ configuration: Configuration) throws(ModelError) -> Int? {
        guard let value = configuration.value("rescale_every") else { return nil }
        guard let layers = value.integer else {
            throw configuration.problem("rescale_every", say("must be a whole number"))
        }
        return layers > 0 ? layers : nil
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("embeddings.weight") ? "" : "rwkv."
        let embedding = try weights.linear(
            prefix + "embeddings", outputs: shape.vocabulary, inputs: shape.hidden)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)blocks.\(index).", index, weights)) }
        // The library gives this norm its own default, whatever the configuration says.
        let finalNorm = try Norm.layer(prefix + "ln_out", size: shape.hidden, epsilon: 1e-5, weights)
        let output = try weights.outputMatrix("head", shape, tokens: tiesEmbeddings ? embedding : nil, bias: false)
        return Architecture(
            decoder: Stack(embedding: Embedding(tokens: embedding), blocks: blocks, finalNorm: finalNorm),
            head: OutputHead(weights: output))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .layer(name, size: shape.hidden, epsilon: shape.normEpsilon, weights)
    }

    /// x += output(σ(gate) · mean(norm(x))), x += σ(gate) · value(relu(key(otherNorm(x)))²); every few layers x is halved,
    /// and what is added from there on with it.
    private func block(_ name: String, _ index: Int, _ weights: Weights) throws(ModelError) -> Block {
        let halvings = rescale.map { index / $0 } ?? 0
        let scale = Float(sign: .plus, exponent: -halvings, significand: 1)
        var block = Block(
            attentionNorm: try norm(name + "ln1", weights),
            mixer: .recurrent(.mean(try mixer(name + "attention.", weights))),
            feedForwardNorm: try norm(name + "ln2", weights),
            feedForward: .channelMix(try channelMix(name + "feed_forward.", weights)), residualScale: scale)
        block.entryNorm = index == 0 ? try norm(name + "pre_ln", weights) : nil
        if let rescale, (index + 1) % rescale == 0 { block.streamScale = 0.5 }
        return block
    }

    private func mix(_ name: String, _ weights: Weights) throws(ModelError) -> [Float] {
        try weights.values(name, shape: [1, 1, shape.hidden])
    }

    private func mixer(_ name: String, _ weights: Weights) throws(ModelError) -> MeanMixer {
        func linear(_ part: String) throws(ModelError) -> WeightMatrix {
            try weights.linear(name + part, outputs: channels, inputs: shape.hidden)
        }
        return MeanMixer(
            keyMix: try mix(name + "time_mix_key", weights), valueMix: try mix(name + "time_mix_value", weights),
            gateMix: try mix(name + "time_mix_receptance", weights), key: try linear("key"),
            value: try linear("value"), gate: try linear("receptance"),
            constants: MixerConstants(
                rates: try weights.rates(name + "time_decay", shape: [channels]),
                through: try weights.values(name + "time_first", shape: [channels])),
            output: try weights.linear(name + "output", outputs: shape.hidden, inputs: channels))
    }

    private func channelMix(_ name: String, _ weights: Weights) throws(ModelError) -> ChannelMix {
        ChannelMix(
            keyMix: try mix(name + "time_mix_key", weights), gateMix: try mix(name + "time_mix_receptance", weights),
            key: try weights.linear(name + "key", outputs: shape.intermediate, inputs: shape.hidden),
            value: try weights.linear(name + "value", outputs: shape.hidden, inputs: shape.intermediate),
            gate: try weights.linear(name + "receptance", outputs: shape.hidden, inputs: shape.hidden))
    }
}
