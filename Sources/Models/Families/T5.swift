import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// T5 (Raffel et al. 2020): an encoder and a decoder whose scores get a learned number for every range of distances.
/// Switch Transformers (Fedus et al. 2021): some layers have experts, one of which works for a token while it has room.
struct T5: Family {
    static let types = ["t5", "switch_transformers"]

    /// Nil without experts.
    private let experts: SwitchExperts?

    static func keys(_ type: String) -> ConfigurationKeys {
        var keys = ConfigurationKeys(
            defaults: [
                "vocab_size": 32_128, "d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6,
                "num_decoder_layers": .null, "num_heads": 8, "relative_attention_num_buckets": 32,
                "relative_attention_max_distance": 128, "layer_norm_epsilon": 1e-06, "feed_forward_proj": "relu",
            ],
            otherNames: [
                "d_model": "hidden_size", "num_heads": "num_attention_heads", "num_layers": "num_hidden_layers",
                "d_kv": "head_dim",
            ],
            ignored: ["n_positions"])
        guard type == "switch_transformers" else { return keys }
        let own: [String: JSONValue] = [
            "d_model": 768, "expert_capacity": 64, "num_layers": 12, "num_sparse_encoder_layers": 3,
            "num_decoder_layers": 12, "num_sparse_decoder_layers": 3, "num_heads": 12, "num_experts": 8,
            "router_bias": false, "router_dtype": "float32", "router_ignore_padding_tokens": false,
            "dense_act_fn": "relu", "add_router_probs": false, "tie_word_embeddings": true,
            "add_cross_attention": false,
        ]
        keys.defaults.merge(own) { $1 }
        keys.defaults["feed_forward_proj"] = nil
        keys.otherNames["d_kv"] = nil
        keys.neutral = [
            "feed_forward_proj": "relu", "is_gated_act": false, "router_type": "tokens_masked",
            "num_selected_experts": 1,
        ]
        return keys
    }

    private let encoderShape: ModelShape
    private let decoderShape: ModelShape
    private let isGated: Bool
    private let activation: Activation
    private let scalesOutput: Bool
    /// Whether encoder and decoder embed tokens alike.
    private let sharesTokens: Bool
    private let buckets: Int
    private let maximumDistance: Int
    /// Whether the decoder is left out, as by those who only want states of a text.
    private let isEncoder: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let heads = try configuration.size("num_heads", limit: 1 << 14)
        let layers = try configuration.size("num_layers", limit: 1 << 12)
        buckets = try configuration.size("relative_attention_num_buckets", default: 32, limit: 1 << 16)
        maximumDistance = try configuration.size("relative_attention_max_distance", default: 128)
        guard buckets >= 4, maximumDistance > buckets / 2 else {
            throw configuration.problem(
                "relative_attention_num_buckets",
                say("\(buckets) does not fit a maximum distance of \(maximumDistance)"))
        }
        encoderShape = ModelShape(
            layers: layers, heads: heads, keyValueHeads: heads,
            headDimension: try configuration.size("d_kv", default: 64, limit: 1 << 10),
            hidden: try configuration.size("d_model"), intermediate: try configuration.size("d_ff"),
            vocabulary: try configuration.size("vocab_size"),
            trainedWindow: try configuration.size("n_positions", default: 512, limit: 1 << 30),
            normEpsilon: Float(try configuration.number("layer_norm_epsilon", default: 1e-6, above: 0)),
            rotaryDimensions: 0)
        var decoder = encoderShape
        decoder.layers = try configuration.size("num_decoder_layers", default: layers, limit: 1 << 12)
        decoderShape = decoder
        experts =
            try configuration.string("model_type") == "switch_transformers"
            ? SwitchExperts(configuration, encoder: layers, decoder: decoder.layers) : nil
        let projection = try configuration.string("feed_forward_proj") ?? "relu"
        // What newer files derive from it and state beside it counts more, as in the reference.
        isGated = try configuration.flag("is_gated_act", default: projection.hasPrefix("gated-"))
        let stated = configuration.value("dense_act_fn") == nil ? nil : "dense_act_fn"
        activation =
            if let stated { try configuration.activation([stated], default: "relu") } else {
                try Self.activation(projection, configuration)
            }
        let isTied = try configuration.flag("tie_word_embeddings", default: true)
        scalesOutput = experts == nil ? try configuration.flag("scale_decoder_outputs", default: isTied) : isTied
        sharesTokens = experts == nil || isTied
        isEncoder = configuration.value("architectures")?.array?.first?.string == "T5EncoderModel"
        let scheme = PositionScheme.relativeBuckets(buckets: buckets, maximumDistance: maximumDistance)
        let start = try configuration.token("decoder_start_token_id", default: 0)
        var traits = ModelTraits(
            encoder: encoderShape, decoder: decoderShape, scheme: scheme, scoreScale: 1, start: start)
        if isEncoder {
            let both = traits
            traits = ModelTraits(encoder: encoderShape, scheme: scheme)
            traits.encoder = both.encoder
        }
        traits.experts = experts.map { ExpertCounts(count: $0.count, chosen: 1) }
        self.traits = traits
    }

    /// "relu", "gelu", "gated-silu" ...; "gated-gelu" means the tanh form.
    private static func activation(
        _ projection: String, _ configuration: Configuration
    ) throws(ModelError) -> Activation {
        switch projection {
        case "relu", "gated-relu": return .relu
        case "gelu": return .gelu
        case "gated-gelu", "gelu_new", "gated-gelu_new": return .geluTanh
        case "silu", "gated-silu": return .silu
        default: throw configuration.problem("feed_forward_proj", say("\(projection.debugDescription) is not known"))
        }
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let shared = ["shared", "encoder.embed_tokens", "decoder.embed_tokens"].first {
            weights.contains($0 + ".weight")
        }
        let tokens = try weights.linear(
            shared ?? "shared", outputs: encoderShape.vocabulary, inputs: encoderShape.hidden)
        if isEncoder {
            let own = try ownTokens("encoder.", tokens, weights)
            return Architecture(encoder: try stack("encoder.", encoderShape, own, isDecoder: false, weights), head: nil)
        }
        let head =
            weights.contains("lm_head.weight")
            ? try weights.linear("lm_head", outputs: encoderShape.vocabulary, inputs: encoderShape.hidden) : tokens
        let scale = scalesOutput ? 1 / Float(encoderShape.hidden).squareRoot() : 1
        return Architecture(
            encoder: try stack(
                "encoder.", encoderShape, try ownTokens("encoder.", tokens, weights), isDecoder: false, weights),
            decoder: try stack(
                "decoder.", decoderShape, try ownTokens("decoder.", tokens, weights), isDecoder: true, weights),
            head: OutputHead(scale: scale, weights: head))
    }

    /// The embedding of a side, where it has one of its own.
    private func ownTokens(
        _ side: String, _ shared: WeightMatrix, _ weights: Weights
    ) throws(ModelError) -> WeightMatrix {
        let name = side + "embed_tokens"
        guard !sharesTokens, weights.contains(name + ".weight") else { return shared }
        return try weights.linear(name, outputs: encoderShape.vocabulary, inputs: encoderShape.hidden)
    }

    private func stack(
        _ name: String, _ shape: ModelShape, _ tokens: WeightMatrix, isDecoder: Bool, _ weights: Weights
    ) throws(ModelError) -> Stack {
        var blocks: [Block] = []
        for index in 0..<shape.layers {
            let isSparse = experts?.isSparse(index, isDecoder: isDecoder) ?? false
            blocks.append(
                try block(
                    "\(name)block.\(index).layer.", shape, isDecoder: isDecoder, isSparse: isSparse, weights))
        }
        let table = name + "block.0.layer.0.SelfAttention.relative_attention_bias.weight"
        return Stack(
            embedding: Embedding(tokens: tokens), blocks: blocks,
            finalNorm: try norm(name + "final_layer_norm", weights),
            relativeBuckets: RelativeBuckets(
                values: try weights.values(table, shape: [buckets, shape.heads]), heads: shape.heads, buckets: buckets,
                maximumDistance: maximumDistance, isBidirectional: !isDecoder))
    }

    private func norm(_ name: String, _ weights: Weights) throws(ModelError) -> Norm {
        try .rootMeanSquare(name, size: encoderShape.hidden, epsilon: encoderShape.normEpsilon, weights)
    }

    /// x += attention(norm(x)); in the decoder x += cross(norm(x)); x += feedForward(norm(x)).
    private func block(
        _ name: String, _ shape: ModelShape, isDecoder: Bool, isSparse: Bool, _ weights: Weights
    ) throws(ModelError) -> Block {
        let last = isDecoder ? 2 : 1
        return Block(
            attentionNorm: try norm(name + "0.layer_norm", weights),
            attention: try attention(name + "0.SelfAttention.", shape, weights),
            cross: isDecoder
                ? Block.CrossAttention(
                    norm: try norm(name + "1.layer_norm", weights),
                    attention: try attention(name + "1.EncDecAttention.", shape, weights)) : nil,
            feedForwardNorm: try norm("\(name)\(last).layer_norm", weights),
            feedForward: isSparse
                ? .experts(try mixture("\(name)\(last).mlp.", shape, weights))
                : try feedForward("\(name)\(last).\(experts == nil ? "DenseReluDense" : "mlp").", shape, weights))
    }

    private func attention(
        _ name: String, _ shape: ModelShape, _ weights: Weights
    ) throws(ModelError) -> AttentionLayer {
        let inner = shape.heads * shape.headDimension
        return AttentionLayer(
            query: try weights.linear(name + "q", outputs: inner, inputs: shape.hidden),
            key: try weights.linear(name + "k", outputs: inner, inputs: shape.hidden),
            value: try weights.linear(name + "v", outputs: inner, inputs: shape.hidden),
            output: try weights.linear(name + "o", outputs: shape.hidden, inputs: inner))
    }

    private func feedForward(_ name: String, _ shape: ModelShape, _ weights: Weights) throws(ModelError) -> FeedForward
    {
        func up(_ part: String) throws(ModelError) -> WeightMatrix {
            try weights.linear(name + part, outputs: shape.intermediate, inputs: shape.hidden)
        }
        let down = try weights.linear(name + "wo", outputs: shape.hidden, inputs: shape.intermediate)
        return isGated
            ? .gated(gate: try up("wi_0"), up: try up("wi_1"), down: down, activation)
            : .plain(up: try up("wi"), down: down, activation)
    }

    private func mixture(
        _ name: String, _ shape: ModelShape, _ weights: Weights
    ) throws(ModelError) -> MixtureOfExperts {
        let (count, capacity) = (experts?.count ?? 0, experts?.capacity ?? 0)
        var members: [MixtureOfExperts.Expert] = []
        for index in 0..<count {
            let expert = "\(name)experts.expert_\(index)."
            members.append(
                MixtureOfExperts.Expert(
                    gate: nil,
                    up: try weights.linear(expert + "wi", outputs: shape.intermediate, inputs: shape.hidden),
                    down: try weights.linear(expert + "wo", outputs: shape.hidden, inputs: shape.intermediate)))
        }
        return MixtureOfExperts(
            router: try weights.linear(
                name + "router.classifier", outputs: count, inputs: shape.hidden, bias: experts?.hasBias ?? false),
            experts: members, rule: RoutingRule(chosen: 1, normalises: false, capacity: capacity),
            gating: .product(activation))
    }
}
