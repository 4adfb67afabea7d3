import Formats
import Kernels
import Methods

// The Llama family (Touvron et al. 2023): RMSNorm before each part, rotary positions, grouped key/value heads, SwiGLU.

/// What config.json says of a Llama.
struct LlamaConfiguration {
    let shape: ModelShape
    let attentionBias: Bool
    let mlpBias: Bool
    let tiesEmbeddings: Bool
    /// The position method that the configuration asks for.
    let position: any PositionMethod

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("hidden_size")
        let heads = try configuration.size("num_attention_heads", limit: 1 << 14)
        let keyValueHeads = try configuration.size("num_key_value_heads", default: heads, limit: 1 << 14)
        guard heads % keyValueHeads == 0 else {
            throw configuration.problem("num_key_value_heads", "\(keyValueHeads) does not divide \(heads) heads")
        }
        let headDimension = try configuration.size("head_dim", default: max(1, hidden / heads), limit: 1 << 10)
        guard headDimension % 2 == 0 else {
            throw configuration.problem("head_dim", "\(headDimension) is odd: rotary dimensions come in pairs")
        }
        if let activation = try configuration.string("hidden_act"), !["silu", "swish"].contains(activation) {
            throw configuration.problem("hidden_act", "\(activation.debugDescription) is not silu")
        }
        let rope = try RopeConfiguration(configuration)
        shape = ModelShape(
            layers: try configuration.size("num_hidden_layers", limit: 1 << 12), heads: heads,
            keyValueHeads: keyValueHeads, headDimension: headDimension, hidden: hidden,
            intermediate: try configuration.size("intermediate_size"),
            vocabulary: try configuration.size("vocab_size"),
            trainedWindow: try configuration.size("max_position_embeddings", default: 2048, limit: 1 << 30),
            ropeBase: rope.base,
            normEpsilon: Float(try configuration.number("rms_norm_eps", default: 1e-6, above: 0)))
        attentionBias = try configuration.flag("attention_bias", default: false)
        mlpBias = try configuration.flag("mlp_bias", default: false)
        tiesEmbeddings = try configuration.flag("tie_word_embeddings", default: false)
        position = rope.position
    }
}

/// One block: attention, then the MLP, each added to the residual stream.
struct LlamaBlock: Sendable {
    let attentionNorm: [Float]
    let query: WeightMatrix
    let key: WeightMatrix
    let value: WeightMatrix
    let output: WeightMatrix
    let mlpNorm: [Float]
    let gate: WeightMatrix
    let up: WeightMatrix
    let down: WeightMatrix

    init(_ index: Int, _ configuration: LlamaConfiguration, _ weights: Weights, prefix: String) throws(ModelError) {
        let shape = configuration.shape
        let name = "\(prefix)layers.\(index)."
        let queries = shape.heads * shape.headDimension
        let keys = shape.keyValueHeads * shape.headDimension
        let attention = name + "self_attn."
        let bias = configuration.attentionBias
        attentionNorm = try weights.values(name + "input_layernorm.weight", shape: [shape.hidden])
        query = try weights.linear(attention + "q_proj", outputs: queries, inputs: shape.hidden, bias: bias)
        key = try weights.linear(attention + "k_proj", outputs: keys, inputs: shape.hidden, bias: bias)
        value = try weights.linear(attention + "v_proj", outputs: keys, inputs: shape.hidden, bias: bias)
        output = try weights.linear(attention + "o_proj", outputs: shape.hidden, inputs: queries, bias: bias)
        mlpNorm = try weights.values(name + "post_attention_layernorm.weight", shape: [shape.hidden])
        let mlp = name + "mlp."
        let mlpBias = configuration.mlpBias
        gate = try weights.linear(mlp + "gate_proj", outputs: shape.intermediate, inputs: shape.hidden, bias: mlpBias)
        up = try weights.linear(mlp + "up_proj", outputs: shape.intermediate, inputs: shape.hidden, bias: mlpBias)
        down = try weights.linear(mlp + "down_proj", outputs: shape.hidden, inputs: shape.intermediate, bias: mlpBias)
    }
}

/// A Llama's weights, as float32.
struct Llama: Sendable {
    let shape: ModelShape
    /// [vocabulary, hidden]
    let embedding: WeightMatrix
    let blocks: [LlamaBlock]
    let finalNorm: [Float]
    /// [vocabulary, hidden]; the embedding itself where the two are tied.
    let head: WeightMatrix

    init(_ configuration: LlamaConfiguration, _ weights: Weights) throws(ModelError) {
        shape = configuration.shape
        // Checkpoints of the bare model leave the prefix out.
        let prefix = weights.contains("model.embed_tokens.weight") ? "model." : ""
        embedding = try weights.linear(prefix + "embed_tokens", outputs: shape.vocabulary, inputs: shape.hidden)
        var blocks: [LlamaBlock] = []
        for index in 0..<shape.layers {
            blocks.append(try LlamaBlock(index, configuration, weights, prefix: prefix))
        }
        self.blocks = blocks
        finalNorm = try weights.values(prefix + "norm.weight", shape: [shape.hidden])
        head =
            configuration.tiesEmbeddings && !weights.contains("lm_head.weight")
            ? embedding : try weights.linear("lm_head", outputs: shape.vocabulary, inputs: shape.hidden)
    }
}

extension Llama {
    var isTied: Bool { embedding.sharesStorage(with: head) }
}
