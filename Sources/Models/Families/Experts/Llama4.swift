import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// The text part of Llama 4 (2025): three of four layers read their own chunk of the text with rotary positions, the others read
/// all of it without any, more sharply the further they are; experts, and one beside them that works for every token.
struct Llama4: Family {
    static let types = ["llama4_text"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 202_048, "hidden_size": 5120, "intermediate_size": 8192, "intermediate_size_mlp": 16_384,
                "num_hidden_layers": 48, "num_attention_heads": 40, "num_key_value_heads": 8, "head_dim": 128,
                "hidden_act": "silu", "max_position_embeddings": 131_072, "rms_norm_eps": 1e-05,
                "tie_word_embeddings": false, "num_experts_per_tok": 1, "num_local_experts": 16, "moe_layers": .null,
                "interleave_moe_layer_step": 1, "use_qk_norm": true, "no_rope_layers": .null,
                "no_rope_layer_interval": 4, "attention_chunk_size": 8192, "layer_types": .null,
                "attn_temperature_tuning": true, "floor_scale": 8192, "attn_scale": 0.1, "attention_bias": false,
                "rope_theta": 500_000,
            ],
            ignored: ["for_llm_compressor"])
    }

    private let common: LlamaLikeConfiguration
    /// Its feed-forward layers are those without experts.
    private let shape: ModelShape
    private let bias: Bool
    private let normsHeads: Bool
    private let temperature: QueryTemperature?
    private let turns: [Bool]
    private let experts: Int
    private let chosen: Int
    /// Layers with experts.
    private let sparse: Set<Int>
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        common = try LlamaLikeConfiguration(
            configuration, window: 131_072, theta: 500_000, epsilon: ("rms_norm_eps", 1e-5),
            headDimension: 128,
            keyValueHeads: 8)
        bias = try configuration.flag("attention_bias", default: false)
        normsHeads = try configuration.flag("use_qk_norm", default: true)
        // The reference norms what the rotation has scaled.
        let scales = common.rope.position is YaRN || (common.rope.position as? LongRoPE)?.attentionFactor ?? 1 != 1
        guard !normsHeads || !scales else {
            throw configuration.problem(
                "rope_scaling", say("yarn and longrope are not supported with use_qk_norm"))
        }
        temperature = try Self.temperature(configuration)
        let layers = common.shape.layers
        let interval = try configuration.size("no_rope_layer_interval", default: 4)
        let isEmpty = configuration.value("no_rope_layers")?.array?.isEmpty ?? true
        let flags = isEmpty ? nil : try configuration.layerFlags("no_rope_layers", layers: layers)
        let turns = (0..<layers).map { flags?[$0] ?? (($0 + 1) % interval != 0) }
        self.turns = turns
        experts = try configuration.experts("num_local_experts", default: 16)
        chosen = try configuration.chosenExperts(default: 1, of: experts)
        var shape = common.shape
        shape.intermediate = try configuration.size("intermediate_size_mlp", default: 16_384)
        self.shape = shape
        let step = try configuration.size("interleave_moe_layer_step", default: 1)
        let named = configuration.value("moe_layers")?.array?.compactMap(\.integer)
        sparse = Set(named ?? (0..<layers).filter { ($0 + 1) % step == 0 })
        var traits = try common.traits(turns: { turns[$0] })
        traits.shape = shape
        let chunk =
            configuration.root["attention_chunk_size"]?.isNull == true
            ? nil : try configuration.size("attention_chunk_size", default: 8192, limit: 1 << 30)
        let slides = try configuration.slidingLayers(layers: layers, otherwise: { turns[$0] })
        for layer in 0..<layers where slides(layer) {
            traits.decoder[layer].windows = chunk.map { [Chunked(size: $0)] } ?? []
        }
        if temperature != nil {
            for layer in 0..<layers where !turns[layer] { traits.decoder[layer].temperature = temperature }
            traits.notes = [say("queries of layers without positions grow with their place, and are shown grown")]
        }
        traits.experts = ExpertCounts(count: experts, chosen: chosen)
        self.traits = traits
    }

    private static func temperature(_ configuration: Configuration) throws(ModelError)
        -> QueryTemperature?
    {
        // Its first files have a number there.
        if let number = configuration.value("attn_temperature_tuning")?.integer {
            guard number != 0 else { return nil }
        } else {
            guard try configuration.flag("attn_temperature_tuning", default: true) else { return nil }
        }
        return QueryTemperature(
            scale: Float(try configuration.number("attn_scale", default: 0.1, above: -1e9)),
            period: try configuration.size("floor_scale", default: 8192, limit: 1 << 30), first: 1)
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(common.shape, tiesEmbeddings: common.tiesEmbeddings) {
            name, index throws(ModelError) in
            try block(name, index, weights)
        }
    }

    private func block(_ name: String, _ index: Int, _ weights: Weights) throws(ModelError) -> Block {
        var attention = try weights.llamaAttention(name + "self_attn.", shape, bias: bias)
        if turns[index] {
            attention = attention.splittingPairs(shape)
            // After the rotation in the reference, which changes no length.
            let norm = Norm.plainRootMeanSquare(size: shape.headDimension, epsilon: shape.normEpsilon)
            attention.queryNorm = normsHeads ? norm : nil
            attention.keyNorm = normsHeads ? norm : nil
        } else {
            attention.temperature = temperature
        }
        return Block(
            attentionNorm: try .rootMeanSquare(
                name + "input_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            attention: attention,
            feedForwardNorm: try .rootMeanSquare(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: shape.normEpsilon, weights),
            feedForward: sparse.contains(index)
                ? .experts(try mixture(name + "feed_forward.", weights))
                : try weights.llamaFeedForward(name + "feed_forward.", shape, activation: common.activation)
        )
    }

    private func mixture(_ name: String, _ weights: Weights) throws(ModelError) -> MixtureOfExperts {
        let (hidden, size) = (common.shape.hidden, common.shape.intermediate)
        let separate = try weights.separateExperts(name + "experts.", count: experts, hidden: hidden, size: size)
        let members = if let separate { separate } else { try fusedExperts(name, weights) }
        return MixtureOfExperts(
            router: try weights.linear(name + "router", outputs: experts, inputs: hidden),
            experts: members, rule: RoutingRule(chosen: chosen, score: .sigmoid, normalises: false, scalesInputs: true),
            gating: .product(common.activation),
            shared: MixtureOfExperts.Shared(
                expert: try weights.expert(name + "shared_expert.", hidden: hidden, size: size)))
    }

    private func fusedExperts(_ name: String, _ weights: Weights) throws(ModelError) -> [MixtureOfExperts.Expert] {
        let (hidden, size) = (common.shape.hidden, common.shape.intermediate)
        let fused = try weights.stacked(
            name + "experts.gate_up_proj", count: experts, outputs: 2 * size, inputs: hidden,
            inputsFirst: true)
        let down = try weights.stacked(
            name + "experts.down_proj", count: experts, outputs: hidden, inputs: size, inputsFirst: true)
        return zip(fused, down).map { fused, down in
            MixtureOfExperts.Expert(gate: fused.rows(0..<size), up: fused.rows(size..<2 * size), down: down)
        }
    }
}
