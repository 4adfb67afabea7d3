import RopewalkKernels

/// Granite MoE (IBM 2024): a Granite whose feed-forward layers are experts, kept in one tensor.
struct GraniteMoE: Family {
    static let types = ["granitemoe"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 32_000, "hidden_size": 4096, "intermediate_size": 11_008, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": .null, "hidden_act": "silu",
                "max_position_embeddings": 2048, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
                "attention_bias": false, "embedding_multiplier": 1, "logits_scaling": 1, "residual_multiplier": 1,
                "attention_multiplier": 1, "num_local_experts": 8, "num_experts_per_tok": 2, "rope_theta": 10_000,
            ],
            neutral: ["normalization_function": "rmsnorm", "position_embedding_type": "rope"])
    }

    private let common: LlamaLikeConfiguration
    private let factors: GraniteFactors
    private let attentionBias: Bool
    private let experts: Int
    private let chosen: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(configuration)
        factors = try GraniteFactors(configuration)
        attentionBias = try configuration.flag("attention_bias", default: false)
        experts = try configuration.experts("num_local_experts", default: 8)
        chosen = try configuration.chosenExperts(default: 2, of: experts)
        var traits = try common.traits(scoreScale: factors.attention)
        traits.experts = ExpertCounts(count: experts, chosen: chosen)
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(
            common.shape, tiesEmbeddings: common.tiesEmbeddings, embeddingScale: factors.embedding,
            outputScale: factors.output
        ) { name, _ throws(ModelError) in try block(name, weights) }
    }

    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        let shape = common.shape
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: try weights.llamaAttention(name + "self_attn.", shape, bias: attentionBias),
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: .experts(try mixture(name + "block_sparse_moe.", weights)),
            residualScale: factors.residual)
    }

    private func mixture(_ name: String, _ weights: Weights) throws(ModelError) -> MixtureOfExperts {
        let (hidden, size) = (common.shape.hidden, common.shape.intermediate)
        let separate = try weights.separateExperts(name + "experts.", count: experts, hidden: hidden, size: size)
        let members = if let separate { separate } else { try fusedExperts(name, hidden: hidden, size: size, weights) }
        return MixtureOfExperts(
            router: try weights.linear(name + "router.layer", outputs: experts, inputs: hidden),
            experts: members, rule: RoutingRule(chosen: chosen), gating: .product(common.activation))
    }

    private func fusedExperts(
        _ name: String, hidden: Int, size: Int, _ weights: Weights
    ) throws(ModelError) -> [MixtureOfExperts.Expert] {
        let fused = try weights.stacked(
            name + "input_linear.weight", count: experts, outputs: 2 * size, inputs: hidden)
        let down = try weights.stacked(
            name + "output_linear.weight", count: experts, outputs: hidden, inputs: size)
        return zip(fused, down).map { fused, down in
            MixtureOfExperts.Expert(gate: fused.rows(0..<size), up: fused.rows(size..<2 * size), down: down)
        }
    }
}
