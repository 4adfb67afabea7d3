import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// gpt-oss (OpenAI 2025): experts with a gate that is cut off, a window on every other layer, and a learned score of each head
/// that takes its share of the softmax in place of a first token.
struct GPTOSS: Family {
    static let types = ["gpt_oss"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "num_hidden_layers": 36, "num_local_experts": 128, "vocab_size": 201_088, "hidden_size": 2880,
                "intermediate_size": 2880, "head_dim": 64, "num_attention_heads": 64, "num_key_value_heads": 8,
                "sliding_window": 128, "tie_word_embeddings": false, "hidden_act": "silu",
                "max_position_embeddings": 131_072, "rms_norm_eps": 1e-05, "num_experts_per_tok": 4,
                "swiglu_alpha": 1.702, "swiglu_limit": 7, "layer_types": .null, "attention_bias": true,
                "rope_theta": 150_000,
                "rope_parameters": [
                    "rope_type": "yarn", "factor": 32, "beta_fast": 32, "beta_slow": 1, "truncate": false,
                    "original_max_position_embeddings": 4096,
                ],
            ],
            otherNames: ["num_local_experts": "num_experts"],
            ignored: ["experts_per_token", "initial_context_length"])
    }

    private let common: LlamaLikeConfiguration
    private let bias: Bool
    private let experts: Int
    private let chosen: Int
    private let gating: Gating
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, window: 131_072, theta: 150_000, epsilon: ("rms_norm_eps", 1e-5), headDimension: 64,
            keyValueHeads: 8, sliding: 128)
        bias = try configuration.flag("attention_bias", default: true)
        experts = try configuration.experts("num_local_experts", default: 128)
        chosen = try configuration.chosenExperts(default: 4, of: experts)
        gating = .clampedSwish(
            alpha: Float(try configuration.number("swiglu_alpha", default: 1.702, above: 0)),
            limit: Float(try configuration.number("swiglu_limit", default: 7, above: 0)))
        let slides = try configuration.slidingLayers(layers: common.shape.layers) { ($0 + 1) % 2 != 0 }
        var traits = try common.traits(slides: slides)
        for layer in traits.decoder.indices { traits.decoder[layer].hasSinks = true }
        traits.notes = [
            say("learned sinks take a share of every row: the weights that are shown add up to less than 1")
        ]
        traits.experts = ExpertCounts(count: experts, chosen: chosen)
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, _ throws(ModelError) in
            try block(name, weights)
        }
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: bias)
        attention.sinks = try weights.values(name + "self_attn.sinks", shape: [shape.heads])
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: attention,
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: .experts(try mixture(name + "mlp.", weights)))
    }

    private func mixture(_ name: String, _ weights: Weights) throws(ModelError) -> MixtureOfExperts {
        let (hidden, size) = (common.shape.hidden, common.shape.intermediate)
        let separate = try weights.separateExperts(
            name + "experts.", count: experts, hidden: hidden, size: size, bias: true)
        let members = if let separate { separate } else { try fusedExperts(name, weights) }
        return MixtureOfExperts(
            router: try weights.linear(name + "router", outputs: experts, inputs: hidden, bias: true),
            experts: members, rule: RoutingRule(chosen: chosen), gating: gating)
    }

    /// Gates and what they gate lie beside each other.
    private func fusedExperts(_ name: String, _ weights: Weights) throws(ModelError) -> [MixtureOfExperts.Expert] {
        let (hidden, size) = (common.shape.hidden, common.shape.intermediate)
        let fused = try weights.stacked(
            name + "experts.gate_up_proj", count: experts, outputs: 2 * size, inputs: hidden, inputsFirst: true,
            biases: name + "experts.gate_up_proj_bias")
        let down = try weights.stacked(
            name + "experts.down_proj", count: experts, outputs: hidden, inputs: size, inputsFirst: true,
            biases: name + "experts.down_proj_bias")
        let rows = 0..<size
        return zip(fused, down).map { fused, down in
            MixtureOfExperts.Expert(
                gate: fused.gathering(rows: rows.map { 2 * $0 }),
                up: fused.gathering(rows: rows.map { 2 * $0 + 1 }), down: down)
        }
    }
}
