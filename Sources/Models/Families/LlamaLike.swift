import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// What the configurations of the Llama line have in common: Llama, Mistral, Mixtral, Qwen, Gemma and Phi.
struct LlamaLikeConfiguration {
    var shape: ModelShape
    let rope: RopeConfiguration
    let activation: Activation
    let tiesEmbeddings: Bool
    /// Tokens of the sliding window; nil for none.
    let slidingWindow: Int?

    /// - Parameters:
    ///   - activation: where the file does not say
    ///   - partialRotary: nil for a family that turns all dimensions, whatever its files say
    ///   - epsilon: the key of what norms add, and its value where the file does not say
    ///   - readsWindow: whether the window is in use; the key may hold anything where it is not
    ///   - sliding: the window where the file does not say; null in the file means none
    init(
        _ configuration: Configuration, activation standard: String = "silu", window: Int = 2048,
        tiesEmbeddings ties: Bool = false, partialRotary: Double? = nil, longropeNames: Set<String> = ["su"],
        ropeLayerType: String? = nil, theta: Double = 10_000,
        epsilon: (key: String, standard: Double) = ("rms_norm_eps", 1e-6), headDimension standardDimension: Int? = nil,
        keyValueHeads standardKeyValueHeads: Int? = nil, sliding: Int? = nil, readsWindow: Bool = true,
        activationKeys: [String] = ["hidden_act"]
    ) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        let (heads, keyValueHeads) = try configuration.heads(keyValueStandard: standardKeyValueHeads)
        let headDimension = try configuration.size(
            "head_dim", default: standardDimension ?? max(1, hidden / heads), limit: 1 << 10)
        guard headDimension % 2 == 0 else {
            throw configuration.problem("head_dim", say("\(headDimension) is odd: rotary dimensions come in pairs"))
        }
        rope = try RopeConfiguration(
            configuration, layerType: ropeLayerType, longropeNames: longropeNames, theta: theta)
        let settings = try rope.settings(headDimension: headDimension, partial: partialRotary)
        let trained = try configuration.size("max_position_embeddings", default: window, limit: 1 << 30)
        shape = ModelShape(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), heads: heads,
            keyValueHeads: keyValueHeads, headDimension: headDimension, hidden: hidden,
            intermediate: try configuration.size("intermediate_size"),
            vocabulary: try configuration.size("vocab_size"),
            trainedWindow: rope.original ?? trained,
            ropeBase: rope.base,
            normEpsilon: Float(try configuration.number(epsilon.key, default: epsilon.standard, above: 0)),
            rotaryDimensions: settings.dimensions)
        activation = try configuration.activation(activationKeys, default: standard)
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: ties)
        if !readsWindow || configuration.value("sliding_window") == nil {
            slidingWindow = readsWindow && configuration.stated("sliding_window") == nil ? sliding : nil
        } else {
            slidingWindow = try configuration.size("sliding_window", limit: 1 << 30)
        }
    }

    /// A decoder whose layers see a sliding window where `slides` says so, and turn nothing where `turns` does not.
    func traits(
        scoreScale: Float? = nil, slides: (Int) -> Bool = { _ in false }, turns: (Int) -> Bool = { _ in true }
    ) throws(ModelError) -> ModelTraits {
        let traits = (0..<shape.layers).map { layer in
            LayerTraits(
                scoreScale: scoreScale ?? shape.scoreScale,
                windows: slides(layer) ? slidingWindow.map { [SlidingWindow(size: $0)] } ?? [] : [],
                rope: turns(layer) ? 0 : nil)
        }
        return ModelTraits(
            decoder: shape,
            ropes: [RotarySettings(base: rope.base, dimensions: shape.rotaryDimensions, position: rope.position)],
            traits: traits)
    }
}

extension Weights {
    /// What the names of the Llama line begin with; models of text and images have a longer beginning, and files of the bare
    /// model none.
    var llamaPrefix: String {
        ["", "model.", "language_model.model.", "model.language_model."].first {
            contains($0 + "embed_tokens.weight")
        } ?? "model."
    }

    /// The name of what makes logits.
    private var llamaHead: String {
        contains("language_model.lm_head.weight") ? "language_model.lm_head" : "lm_head"
    }

    /// What makes logits: a matrix of its own, else that of the embedding where the two are one. The bias is its own.
    func outputMatrix(
        _ name: String, _ shape: ModelShape, tokens: WeightMatrix?, bias: Bool
    ) throws(ModelError) -> WeightMatrix {
        guard let tokens, !contains(name + ".weight") else {
            return try linear(name, outputs: shape.vocabulary, inputs: shape.hidden, bias: bias)
        }
        return bias ? tokens.biased(try values(name + ".bias", shape: [shape.vocabulary])) : tokens
    }

    /// Query, key, value and output projections as the Llama line names them.
    func llamaAttention(
        _ name: String, _ shape: ModelShape, bias: Bool = false, outputBias: Bool? = nil, output: String = "o_proj"
    ) throws(ModelError) -> AttentionLayer {
        let queries = shape.heads * shape.headDimension
        let keys = shape.keyValueHeads * shape.headDimension
        return AttentionLayer(
            query: try linear(name + "q_proj", outputs: queries, inputs: shape.hidden, bias: bias),
            key: try linear(name + "k_proj", outputs: keys, inputs: shape.hidden, bias: bias),
            value: try linear(name + "v_proj", outputs: keys, inputs: shape.hidden, bias: bias),
            output: try linear(name + output, outputs: shape.hidden, inputs: queries, bias: outputBias ?? bias))
    }

    /// A gated feed-forward layer as the Llama line names it.
    func llamaFeedForward(
        _ name: String, _ shape: ModelShape, activation: Activation, bias: Bool = false
    ) throws(ModelError) -> FeedForward {
        .gated(
            gate: try linear(name + "gate_proj", outputs: shape.intermediate, inputs: shape.hidden, bias: bias),
            up: try linear(name + "up_proj", outputs: shape.intermediate, inputs: shape.hidden, bias: bias),
            down: try linear(name + "down_proj", outputs: shape.hidden, inputs: shape.intermediate, bias: bias),
            activation)
    }

    /// down(activation(up(x))).
    func plainFeedForward(
        up: String, down: String, _ shape: ModelShape, _ activation: Activation, bias: Bool
    ) throws(ModelError) -> FeedForward {
        .plain(
            up: try linear(up, outputs: shape.intermediate, inputs: shape.hidden, bias: bias),
            down: try linear(down, outputs: shape.hidden, inputs: shape.intermediate, bias: bias), activation)
    }

    /// A gated feed-forward layer whose rows are those of the gate, then of what it gates.
    func fusedFeedForward(
        _ name: String, _ shape: ModelShape, activation: Activation
    ) throws(ModelError) -> FeedForward {
        let size = shape.intermediate
        let fused = try linear(name + "gate_up_proj", outputs: 2 * size, inputs: shape.hidden)
        return .gated(
            gate: fused.rows(0..<size), up: fused.rows(size..<2 * size),
            down: try linear(name + "down_proj", outputs: shape.hidden, inputs: size), activation)
    }

    /// A decoder of the Llama line around its blocks.
    /// - Parameters:
    ///   - finalNorm: nil for the family's RMS norm
    ///   - outputScale: multiplies the logits
    func llamaArchitecture(
        _ shape: ModelShape, tiesEmbeddings: Bool, embeddingScale: Float = 1, addsOneToNorms: Bool = false,
        finalNorm given: Norm? = nil, outputScale: Float = 1, outputBias: Bool = false, softcap: Float? = nil,
        block: (_ name: String, _ index: Int) throws(ModelError) -> Block
    ) throws(ModelError) -> Architecture {
        let prefix = llamaPrefix
        let embedding = try linear(prefix + "embed_tokens", outputs: shape.vocabulary, inputs: shape.hidden)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)layers.\(index).", index)) }
        let finalNorm =
            if let given { given } else {
                try Norm.rootMeanSquare(
                    prefix + "norm", size: shape.hidden, epsilon: shape.normEpsilon, addsOne: addsOneToNorms, self)
            }
        let output = try outputMatrix(llamaHead, shape, tokens: tiesEmbeddings ? embedding : nil, bias: outputBias)
        return Architecture(
            decoder: Stack(
                embedding: Embedding(tokens: embedding, scale: embeddingScale), blocks: blocks, finalNorm: finalNorm),
            head: OutputHead(scale: outputScale, weights: output, softcap: softcap))
    }
}
