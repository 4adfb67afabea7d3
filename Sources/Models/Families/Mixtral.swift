import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// Mixtral (Jiang et al. 2024): a Mistral whose feed-forward layers are experts, of which a router chooses a few a token.
struct Mixtral: Family {
    static let types = ["mixtral"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 32_000, "hidden_size": 4096, "intermediate_size": 14_336, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": .null, "hidden_act": "silu",
                "max_position_embeddings": 131_072, "rms_norm_eps": 1e-05, "tie_word_embeddings": false,
                "rope_theta": 1_000_000, "sliding_window": .null, "num_experts_per_tok": 2, "num_local_experts": 8,
            ],
            otherNames: [
                "num_local_experts": "num_experts"
            ])
    }

    private let common: LlamaLikeConfiguration
    private let experts: Int
    private let chosen: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(configuration, window: 131_072, activationKeys: ["hidden_act"])
        experts = try configuration.size("num_local_experts", default: 8, limit: 1 << 12)
        chosen = try configuration.size("num_experts_per_tok", default: 2, limit: 1 << 12)
        guard chosen <= experts else {
            throw configuration.problem("num_experts_per_tok", say("\(chosen) is more than \(experts) experts"))
        }
        var traits = try common.traits(slides: { _ in true })
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
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: try weights.llamaAttention(name + "self_attn.", shape),
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: .experts(try mixture(name + "block_sparse_moe.", weights)))
    }

    private func mixture(_ name: String, _ weights: Weights) throws(ModelError) -> MixtureOfExperts {
        let shape = common.shape
        var members: [MixtureOfExperts.Expert] = []
        for index in 0..<experts {
            let expert = "\(name)experts.\(index)."
            members.append(
                MixtureOfExperts.Expert(
                    gate: try weights.linear(expert + "w1", outputs: shape.intermediate, inputs: shape.hidden),
                    up: try weights.linear(expert + "w3", outputs: shape.intermediate, inputs: shape.hidden),
                    down: try weights.linear(expert + "w2", outputs: shape.hidden, inputs: shape.intermediate)))
        }
        return MixtureOfExperts(
            router: try weights.linear(name + "gate", outputs: experts, inputs: shape.hidden), experts: members,
            rule: RoutingRule(chosen: chosen), gating: .product(common.activation))
    }
}
