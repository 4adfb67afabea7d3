import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// Bamba (IBM 2024): a Llama most of whose layers have Mamba-2's mixer in place of attention.
struct Bamba: Family {
    static let types = ["bamba"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 128_000, "hidden_size": 4096, "intermediate_size": 14_336, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05,
                "max_position_embeddings": 262_144, "attn_layer_indices": .null, "mamba_n_heads": 128,
                "mamba_d_head": "auto", "mamba_n_groups": 1, "mamba_d_state": 256, "mamba_d_conv": 4,
                "mamba_expand": 2, "mamba_conv_bias": true, "mamba_proj_bias": false, "attention_bias": false,
                "mlp_bias": false, "tie_word_embeddings": false,
            ],
            ignored: [
                "num_logits_to_keep", "mamba_chunk_size", "z_loss_coefficient", "layers_block_type", "layer_types",
                "attn_rotary_emb", "time_step_limit",
            ],
            neutral: ["hidden_act": "silu", "is_causal": true])
    }

    private let common: LlamaLikeConfiguration
    private let mixer: HeadMixerSizes
    /// Whether a layer has attention.
    private let attends: [Bool]
    private let attentionBias: Bool
    private let feedForwardBias: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        // The library takes half of a head, whatever the configuration says beside its object of rotary positions.
        common = try LlamaLikeConfiguration(
            configuration.replacing("partial_rotary_factor", by: 0.5), window: 262_144, partialRotary: 0.5,
            epsilon: ("rms_norm_eps", 1e-5), keyValueHeads: 8)
        mixer = try Self.mixer(configuration, common.shape)
        attends = try Self.attends(configuration, layers: common.shape.layers)
        attentionBias = try configuration.flag("attention_bias", default: false)
        feedForwardBias = try configuration.flag("mlp_bias", default: false)
        var traits = try common.traits(turns: { [attends] in attends[$0] })
        for layer in traits.decoder.indices where !attends[layer] { traits.decoder[layer].mixer = mixer.traits }
        self.traits = traits
    }

    private static func mixer(_ configuration: Configuration, _ shape: ModelShape) throws(ModelError) -> HeadMixerSizes
    {
        let channels = try shape.hidden * configuration.size("mamba_expand", default: 2, limit: 64)
        let heads = try configuration.size("mamba_n_heads", default: 128, limit: 1 << 14)
        let isDerived = configuration.value("mamba_d_head")?.string == "auto"
        let width = isDerived ? channels / heads : try configuration.size("mamba_d_head", default: channels / heads)
        guard heads * width == channels else {
            throw configuration.problem(
                "mamba_n_heads",
                say("\(heads) heads of \(width) are not the \(channels) channels of hidden_size and expand"))
        }
        return HeadMixerSizes(
            sizes: StateSpaceSizes(
                channels: channels, states: try configuration.size("mamba_d_state", default: 256, limit: 1 << 12),
                convolution: try configuration.convolutionSize("mamba_d_conv"),
                hasConvolutionBias: try configuration.flag("mamba_conv_bias", default: true),
                hasBias: try configuration.flag("mamba_proj_bias", default: false)),
            heads: heads, groups: try configuration.groups("mamba_n_groups", default: 1, heads: heads),
            stepLimits: try configuration.stepLimits(), epsilon: shape.normEpsilon)
    }

    private static func attends(_ configuration: Configuration, layers: Int) throws(ModelError) -> [Bool] {
        var attends = Array(repeating: false, count: layers)
        guard let value = configuration.value("attn_layer_indices") else { return attends }
        for element in value.array ?? [.null] {
            guard let layer = element.integer, layer >= 0 else {
                throw configuration.problem("attn_layer_indices", say("must be a list of layers"))
            }
            if layer < layers { attends[layer] = true }
        }
        return attends
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let shape = common.shape
        return try weights.llamaArchitecture(
            shape, tiesEmbeddings: common.tiesEmbeddings,
            finalNorm: try norm(weights.llamaPrefix + "final_layernorm", weights)
        ) { name, index throws(ModelError) in
            Block(
                attentionNorm: try norm(name + "input_layernorm", weights),
                mixer: attends[index]
                    ? .attention(try weights.llamaAttention(name + "self_attn.", shape, bias: attentionBias))
                    : .recurrent(.heads(try weights.headMixer(name + "mamba.", hidden: shape.hidden, mixer))),
                feedForwardNorm: try norm(name + "pre_ff_layernorm", weights),
                feedForward: try weights.llamaFeedForward(
                    name + "feed_forward.", shape, activation: .silu, bias: feedForwardBias))
        }
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .rootMeanSquare(name, size: common.shape.hidden, epsilon: common.shape.normEpsilon, weights)
    }
}
