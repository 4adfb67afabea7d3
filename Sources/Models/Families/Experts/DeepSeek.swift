import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// DeepSeek-V2 (2024) and V3, R1 (2025): keys and values made of a narrow state (`LatentProjections`), a few dense layers, then
/// small experts beside one that works for every token.
struct DeepSeek: Family {
    static let types = ["deepseek_v2", "deepseek_v3"]

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 102_400, "hidden_size": 4096, "intermediate_size": 11_008, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": .null, "hidden_act": "silu",
                "max_position_embeddings": 2048, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
                "attention_bias": false, "mlp_bias": false, "head_dim": .null, "first_k_dense_replace": 0,
                "kv_lora_rank": 512, "q_lora_rank": 1536, "n_group": .null, "n_routed_experts": 64,
                "n_shared_experts": 2, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "routed_scaling_factor": 1,
                "topk_group": .null, "topk_method": "greedy", "norm_topk_prob": false, "v_head_dim": 128,
                "num_experts_per_tok": .null, "moe_intermediate_size": 1407, "rope_theta": 10_000,
            ],
            ignored: ["aux_loss_alpha", "ep_size", "qk_head_dim", "seq_aux"],
            neutral: ["moe_layer_freq": 1, "norm_topk_prob": false, "scoring_func": "softmax"])
        guard type == "deepseek_v3" else { return keys }
        let own: [String: JSONValue] = [
            "vocab_size": 129_280, "hidden_size": 7168, "intermediate_size": 18_432, "moe_intermediate_size": 2048,
            "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128, "n_shared_experts": 1,
            "n_routed_experts": 256, "routed_scaling_factor": 2.5, "n_group": 8, "topk_group": 4,
            "num_experts_per_tok": 8, "first_k_dense_replace": 3, "norm_topk_prob": true,
            "max_position_embeddings": 4096, "rope_interleave": true, "num_mtp_layers": 1,
        ]
        keys.defaults.merge(own) { $1 }
        for key in ["head_dim", "mlp_bias", "topk_method"] { keys.defaults[key] = nil }
        keys.ignored.formUnion(["head_dim", "num_nextn_predict_layers"])
        keys.neutral = ["moe_layer_freq": 1, "scoring_func": "sigmoid", "topk_method": "noaux_tc"]
        return keys
    }

    private let shape: ModelShape
    private let latent: LatentSizes
    private let interleaves: Bool
    private let attentionBias: Bool
    private let mlpBias: Bool
    private let activation: Activation
    private let tiesEmbeddings: Bool
    private let routing: DeepSeekRouting
    /// Layers below this one have no experts.
    private let firstSparse: Int
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let isThird = try configuration.string("model_type") == "deepseek_v3"
        latent = try LatentSizes(configuration)
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        guard try configuration.size("num_key_value_heads", default: heads) == heads else {
            throw configuration.problem("num_key_value_heads", say("must be the number of heads, \(heads)"))
        }
        let rope = try RopeConfiguration(configuration)
        let settings = try rope.settings(headDimension: latent.turned)
        let trained = try configuration.size(
            "max_position_embeddings", default: isThird ? 4096 : 2048, limit: 1 << 30)
        shape = ModelShape(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), heads: heads,
            keyValueHeads: heads,
            headDimension: latent.head, hidden: try configuration.size("hidden_size"),
            intermediate: try configuration.size("intermediate_size"),
            vocabulary: try configuration.size("vocab_size"), trainedWindow: rope.original ?? trained,
            ropeBase: rope.base,
            normEpsilon: Float(try configuration.number("rms_norm_eps", default: 1e-6, above: 0)),
            rotaryDimensions: settings.dimensions)
        interleaves = isThird ? try configuration.flag("rope_interleave", default: true) : true
        attentionBias = try configuration.flag("attention_bias", default: false)
        mlpBias = isThird ? false : try configuration.flag("mlp_bias", default: false)
        activation = try configuration.activation(["hidden_act"], default: "silu")
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: false)
        routing = try DeepSeekRouting(configuration, isThird: isThird)
        firstSparse = try configuration.count("first_k_dense_replace", default: isThird ? 3 : 0)
        let scale = shape.scoreScale * rope.scoreFactor
        var traits = ModelTraits(
            decoder: shape, ropes: [settings],
            traits: Array(repeating: LayerTraits(scoreScale: scale), count: shape.layers))
        traits.latent = LatentCache(rank: latent.rank, turned: latent.turned)
        traits.notes = [
            say(
                """
                latent attention: the model keeps \(latent.rank) + \(latent.turned) numbers a token and layer; \
                shown are the keys (\(latent.head)) and values (\(latent.value)) that each head makes of them
                """)
        ]
        traits.experts = ExpertCounts(count: routing.experts, chosen: routing.rule.chosen)
        self.traits = traits
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        try weights.llamaArchitecture(shape, tiesEmbeddings: tiesEmbeddings) {
            name, index throws(ModelError) in
            try block(name, index, weights)
        }
    }

    private func norm(_ name: String, size: Int, epsilon: Float, _ weights: Weights)
        throws(ModelError) -> Norm
    {
        try .rootMeanSquare(name, size: size, epsilon: epsilon, weights)
    }

    private func block(_ name: String, _ index: Int, _ weights: Weights) throws(ModelError) -> Block {
        let epsilon = shape.normEpsilon
        return Block(
            attentionNorm: try norm(
                name + "input_layernorm", size: shape.hidden, epsilon: epsilon, weights),
            attention: try attention(name + "self_attn.", weights),
            feedForwardNorm: try norm(
                name + "post_attention_layernorm", size: shape.hidden, epsilon: epsilon, weights),
            feedForward: index < firstSparse
                ? try weights.llamaFeedForward(name + "mlp.", shape, activation: activation, bias: mlpBias)
                : .experts(try routing.mixture(name + "mlp.", hidden: shape.hidden, activation, weights)))
    }

    private func attention(_ name: String, _ weights: Weights) throws(ModelError) -> AttentionLayer {
        let heads = shape.heads
        let (rank, piece) = (latent.rank, latent.turned)
        // Their ε no file says.
        let inner: Float = 1e-6
        let queryInput = latent.queryRank ?? shape.hidden
        let query = try weights.linear(
            name + (latent.queryRank == nil ? "q_proj" : "q_b_proj"), outputs: heads * latent.head,
            inputs: queryInput)
        let first = try weights.linear(
            name + "kv_a_proj_with_mqa", outputs: rank + piece, inputs: shape.hidden, bias: attentionBias)
        let second = try keysAndValues(name, weights)
        var layer = AttentionLayer(
            query: query.gathering(rows: queryRows), key: second.key, value: second.value,
            output: try weights.linear(
                name + "o_proj", outputs: shape.hidden, inputs: heads * latent.value, bias: attentionBias))
        var projections = LatentProjections(
            down: first.rows(0..<rank),
            norm: try norm(name + "kv_a_layernorm", size: rank, epsilon: inner, weights),
            turned: first.gathering(rows: turnedRows.map { rank + $0 }), valueDimension: latent.value)
        if let queryRank = latent.queryRank {
            projections.queryDown = try weights.linear(
                name + "q_a_proj", outputs: queryRank, inputs: shape.hidden, bias: attentionBias)
            projections.queryNorm = try norm(
                name + "q_a_layernorm", size: queryRank, epsilon: inner, weights)
        }
        layer.latent = projections
        return layer
    }

    /// What makes the keys and values of all heads from the narrow state.
    private func keysAndValues(
        _ name: String, _ weights: Weights
    ) throws(ModelError) -> (key: WeightMatrix, value: WeightMatrix) {
        let (heads, rank) = (shape.heads, latent.rank)
        for (key, value) in [("k_b_proj", "v_b_proj"), ("embed_q", "unembed_out")]
        where weights.contains(name + key + ".weight") {
            return try absorbed(name + key, name + value, weights)
        }
        let size = latent.unturned + latent.value
        let fused = try weights.linear(name + "kv_b_proj", outputs: heads * size, inputs: rank)
        func rows(_ places: Range<Int>) -> [Int] { (0..<heads).flatMap { head in places.map { head * size + $0 } } }
        return (
            fused.gathering(rows: rows(0..<latent.unturned)), fused.gathering(rows: rows(latent.unturned..<size))
        )
    }

    /// The same of GGUF files and of folders of mlx_lm, which have the keys' part turned, so that queries can be made
    /// narrow with it.
    private func absorbed(
        _ keyName: String, _ valueName: String, _ weights: Weights
    ) throws(ModelError) -> (key: WeightMatrix, value: WeightMatrix) {
        let (heads, rank, d) = (shape.heads, latent.rank, latent.unturned)
        let turned = try weights.values(keyName + ".weight", shape: [heads, rank, d])
        let value = try weights.values(valueName + ".weight", shape: [heads, latent.value, rank])
        guard !turned.isEmpty, !value.isEmpty else {
            return (
                .placeholder(outputs: heads * d, inputs: rank),
                .placeholder(outputs: heads * latent.value, inputs: rank)
            )
        }
        var key = [Float](repeating: 0, count: turned.count)
        for head in 0..<heads {
            for column in 0..<rank {
                for row in 0..<d { key[(head * d + row) * rank + column] = turned[(head * rank + column) * d + row] }
            }
        }
        return (
            WeightMatrix(outputs: heads * d, inputs: rank, values: key),
            WeightMatrix(outputs: heads * latent.value, inputs: rank, values: value)
        )
    }

    /// The turned dimensions, those that turn together half of them apart.
    private var turnedRows: [Int] {
        interleaves ? RotaryRows.paired(heads: 1, dimension: latent.turned) : Array(0..<latent.turned)
    }

    /// The rows of the queries, in every head the turned ones first.
    private var queryRows: [Int] {
        (0..<shape.heads).flatMap { head in
            (turnedRows.map { latent.unturned + $0 } + Array(0..<latent.unturned)).map {
                head * latent.head + $0
            }
        }
    }
}

/// The sizes of latent attention.
private struct LatentSizes {
    /// Of the state that keys and values are made of, and of the one of the queries; nil where they have none.
    let rank: Int
    let queryRank: Int?
    /// Dimensions of a head that turn, those that do not, and those of its value.
    let turned: Int
    let unturned: Int
    let value: Int

    var head: Int { turned + unturned }

    init(_ configuration: Configuration) throws(ModelError) {
        rank = try configuration.size("kv_lora_rank", default: 512)
        let hasQueryRank = configuration.root["q_lora_rank"]?.isNull != true
        queryRank = hasQueryRank ? try configuration.size("q_lora_rank", default: 1536) : nil
        turned = try configuration.size("qk_rope_head_dim", default: 64, limit: 512)
        unturned = try configuration.size("qk_nope_head_dim", default: 128, limit: 512)
        value = try configuration.size("v_head_dim", default: 128, limit: 1 << 10)
        guard value <= turned + unturned else {
            throw configuration.problem(
                "v_head_dim", say("\(value) is not supported: it is more than the \(turned + unturned) of keys"))
        }
    }
}
