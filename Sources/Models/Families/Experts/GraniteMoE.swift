import RopewalkKernels

/// Granite MoE (IBM 2024): a Granite whose feed-forward layers are experts, kept in one tensor.
struct GraniteMoE: Family {
    static let types = ["granitemoe"]

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
