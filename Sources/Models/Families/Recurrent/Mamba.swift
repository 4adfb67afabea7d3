import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// Mamba (Gu and Dao 2023): layers of one mixer each, a state space that chooses what it takes in, and no attention.
struct Mamba: Family {
    static let types = ["mamba"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 50_280, "hidden_size": 768, "state_size": 16, "num_hidden_layers": 32,
                "layer_norm_epsilon": 1e-05, "expand": 2, "conv_kernel": 4, "use_bias": false, "use_conv_bias": true,
                "time_step_rank": "auto", "tie_word_embeddings": true,
            ],
            ignored: Self.initial.union([
                "use_mambapy", "use_associative_scan", "intermediate_size", "time_step_scale",
                "time_step_init_scheme", "d_model", "d_inner", "n_layer", "fused_add_norm", "pad_vocab_size_multiple",
                "ssm_cfg", "rms_norm",
            ]),
            neutral: ["hidden_act": "silu", "is_causal": true])
    }

    /// Keys of how weights begin before training, and of the order in which sums are taken.
    static let initial: Set<String> = [
        "time_step_min", "time_step_max", "time_step_floor", "rescale_prenorm_residual", "residual_in_fp32",
        "layer_types",
    ]

    private let shape: ModelShape
    private let sizes: StateSpaceSizes
    private let rank: Int
    private let tiesEmbeddings: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        sizes = try configuration.stateSpaceSizes(hidden: hidden)
        rank =
            try configuration.value("time_step_rank")?.string == "auto"
            ? (hidden + 15) / 16 : configuration.size("time_step_rank", default: (hidden + 15) / 16)
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: true)
        shape = .withoutAttention(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), hidden: hidden,
            vocabulary: try configuration.size("vocab_size"), window: 2048,
            epsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0)))
        traits = .recurrent(
            shape,
            MixerTraits(
                kind: .mamba, channels: sizes.channels, units: sizes.channels, states: sizes.states, groups: 1,
                earlier: (sizes.convolution - 1) * sizes.channels))
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.mambaArchitecture(shape, tiesEmbeddings: tiesEmbeddings) { name throws(ModelError) in
            .selective(try mixer(name, weights))
        }
    }

    private func mixer(_ name: String, _ weights: Weights) throws(ModelError) -> SelectiveMixer {
        let channels = sizes.channels
        let fused = try weights.linear(
            name + "in_proj", outputs: 2 * channels, inputs: shape.hidden, bias: sizes.hasBias)
        let rates = try weights.rates(name + "A_log", shape: [channels, sizes.states])
        return SelectiveMixer(
            input: fused.rows(0..<channels), gate: fused.rows(channels..<2 * channels),
            convolution: try weights.convolution(
                name + "conv1d", channels: channels, size: sizes.convolution, bias: sizes.hasConvolutionBias),
            narrow: try weights.linear(name + "x_proj", outputs: rank + 2 * sizes.states, inputs: channels),
            step: try weights.linear(name + "dt_proj", outputs: channels, inputs: rank, bias: true),
            constants: MixerConstants(
                rates: Self.turned(rates, columns: sizes.states),
                through: try weights.values(name + "D", shape: [channels])),
            states: sizes.states,
            output: try weights.linear(
                name + "out_proj", outputs: shape.hidden, inputs: channels, bias: sizes.hasBias))
    }

    /// [row, column] as [column, row].
    private static func turned(_ numbers: [Float], columns: Int) -> [Float] {
        let rows = numbers.count / columns
        return (0..<columns).flatMap { column in (0..<rows).map { numbers[$0 * columns + column] } }
    }
}

extension Configuration {
    /// The sizes of the state spaces of Mamba and Mamba-2.
    func stateSpaceSizes(hidden: Int) throws(ModelError) -> StateSpaceSizes {
        let expand = try size("expand", default: 2, limit: 64)
        return StateSpaceSizes(
            channels: hidden * expand, states: try size("state_size", limit: 1 << 12),
            convolution: try convolutionSize("conv_kernel"),
            hasConvolutionBias: try flag("use_conv_bias", default: true), hasBias: try flag("use_bias", default: false))
    }
}

extension Weights {
    /// A decoder of layers with one mixer each, as Mamba and Mamba-2 name them.
    func mambaArchitecture(
        _ shape: ModelShape, tiesEmbeddings: Bool, mixer: (_ name: String) throws(ModelError) -> RecurrentMixer
    ) throws(ModelError) -> Architecture {
        let prefix = contains("embeddings.weight") ? "" : "backbone."
        // The authors' own files have another name.
        let name = contains(prefix + "embedding.weight") ? prefix + "embedding" : prefix + "embeddings"
        let embedding = try linear(name, outputs: shape.vocabulary, inputs: shape.hidden)
        func norm(_ name: String) throws(ModelError) -> Norm {
            try .rootMeanSquare(name, size: shape.hidden, epsilon: shape.normEpsilon, self)
        }
        var blocks: [Block] = []
        for index in 0..<shape.layers {
            let name = "\(prefix)layers.\(index)."
            blocks.append(
                Block(
                    attentionNorm: try norm(name + "norm"), mixer: .recurrent(try mixer(name + "mixer.")),
                    feedForwardNorm: nil, feedForward: .none))
        }
        let finalNorm = try norm(prefix + "norm_f")
        let output = try outputMatrix("lm_head", shape, tokens: tiesEmbeddings ? embedding : nil, bias: false)
        return Architecture(
            decoder: Stack(embedding: Embedding(tokens: embedding), blocks: blocks, finalNorm: finalNorm),
            head: OutputHead(weights: output))
    }
}
