import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// Mamba-2 (Dao and Gu 2024): state spaces whose heads fade by one number a token, and no attention.
struct Mamba2: Family {
    static let types = ["mamba2"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "num_heads": 128, "head_dim": 64, "vocab_size": 32_768, "hidden_size": 4096, "state_size": 128,
                "num_hidden_layers": 64, "layer_norm_epsilon": 1e-05, "expand": 2, "conv_kernel": 4, "n_groups": 8,
                "use_bias": false, "use_conv_bias": true, "tie_word_embeddings": false,
            ],
            ignored: Mamba.initial.union([
                "chunk_size", "time_step_rank", "time_step_init_scheme", "intermediate_size", "norm_before_gate",
                "time_step_limit",
            ]),
            neutral: ["hidden_act": "silu", "is_causal": true, "rms_norm": true])
    }

    private let shape: ModelShape
    private let mixer: HeadMixerSizes
    private let tiesEmbeddings: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        let sizes = try configuration.stateSpaceSizes(hidden: hidden)
        let heads = try configuration.size("num_heads", limit: 1 << 14)
        let width = try configuration.size("head_dim", limit: 1 << 14)
        guard heads * width == sizes.channels else {
            throw configuration.problem(
                "num_heads",
                say("\(heads) heads of \(width) are not the \(sizes.channels) channels of hidden_size and expand"))
        }
        let epsilon = Float(try configuration.number("layer_norm_epsilon", default: 1e-5, above: 0))
        mixer = HeadMixerSizes(
            sizes: sizes, heads: heads, groups: try configuration.groups("n_groups", default: 8, heads: heads),
            stepLimits: try configuration.stepLimits(), epsilon: epsilon)
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: false)
        shape = .withoutAttention(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), hidden: hidden,
            vocabulary: try configuration.size("vocab_size"), window: 2048, epsilon: epsilon)
        traits = .recurrent(shape, mixer.traits)
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.mambaArchitecture(shape, tiesEmbeddings: tiesEmbeddings) { name throws(ModelError) in
            .heads(try weights.headMixer(name, hidden: shape.hidden, mixer))
        }
    }
}
