import RopewalkKernels
import RopewalkPhrases

/// How DeepSeek's layers choose their experts.
struct DeepSeekRouting: Sendable {
    let experts: Int
    let rule: RoutingRule
    private let size: Int
    private let shared: Int
    private let isThird: Bool
    /// Whether the one that works for every token has biases, as dense layers then do.
    private let sharedBias: Bool

    init(_ configuration: Configuration, isThird: Bool) throws(ModelError) {
        self.isThird = isThird
        sharedBias = isThird ? false : try configuration.flag("mlp_bias", default: false)
        experts = try configuration.experts("n_routed_experts", default: isThird ? 256 : 64)
        let chosen = try configuration.chosenExperts(default: isThird ? 8 : nil, of: experts)
        size = try configuration.size("moe_intermediate_size", default: isThird ? 2048 : 1407)
        shared = try configuration.size("n_shared_experts", default: isThird ? 1 : 2, limit: 1 << 12)
        let normalises = isThird ? try configuration.flag("norm_topk_prob", default: true) : false
        rule = RoutingRule(
            chosen: chosen, score: isThird ? .sigmoid : .softmax, normalises: normalises,
            scale: Float(
                try configuration.number("routed_scaling_factor", default: isThird ? 2.5 : 1, above: 0)),
            groups: try Self.groups(configuration, experts: experts, chosen: chosen, isThird: isThird))
    }

    private static func groups(
        _ configuration: Configuration, experts: Int, chosen: Int, isThird: Bool
    ) throws(ModelError) -> RoutingRule.Groups? {
        if !isThird {
            let method = try configuration.string("topk_method") ?? "greedy"
            if method == "greedy" { return nil }
            guard method == "group_limited_greedy" else {
                throw configuration.problem("topk_method", say("\(method.debugDescription) is not known"))
            }
        }
        let count = try configuration.size("n_group", default: isThird ? 8 : nil, limit: 1 << 12)
        let kept = try configuration.size("topk_group", default: isThird ? 4 : nil, limit: 1 << 12)
        let best = isThird ? 2 : 1
        guard experts % count == 0, kept <= count, experts / count >= best,
            kept * (experts / count) >= chosen
        else {
            throw configuration.problem("n_group", say("\(count) groups do not fit \(experts) experts"))
        }
        return RoutingRule.Groups(count: count, kept: kept, best: best)
    }

    func mixture(
        _ name: String, hidden: Int, _ activation: Activation, _ weights: Weights
    ) throws(ModelError) -> MixtureOfExperts {
        var members: [MixtureOfExperts.Expert] = []
        for index in 0..<experts {
            members.append(try weights.expert("\(name)experts.\(index).", hidden: hidden, size: size))
        }
        var rule = rule
        if isThird {
            rule.correction = try weights.values(name + "gate.e_score_correction_bias", shape: [experts])
        }
        return MixtureOfExperts(
            router: try weights.linear(name + "gate", outputs: experts, inputs: hidden), experts: members,
            rule: rule,
            gating: .product(activation),
            shared: MixtureOfExperts.Shared(
                expert: try weights.expert(
                    name + "shared_experts.", hidden: hidden, size: shared * size,
                    bias: sharedBias)))
    }
}
