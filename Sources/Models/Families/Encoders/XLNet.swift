import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

/// XLNet (Yang et al. 2019): what its content stream makes of a text, every token reading all others, or those before it
/// (`attn_type` "uni"); places are known by Transformer-XL's sinusoids of the distance (`RelativeProjections`), and norms
/// come after each part. The query stream of its training (`mask_emb`) is not run, and a text is read in one go.
struct XLNet: Family {
    static let types = ["xlnet"]

    static func keys(_ type: String) -> ConfigurationKeys {
        ConfigurationKeys(
            defaults: [
                "vocab_size": 32_000, "d_model": 1024, "n_layer": 24, "n_head": 16, "d_inner": 4096, "d_head": .null,
                "ff_activation": "gelu", "attn_type": "bi", "layer_norm_eps": 1e-12, "clamp_len": -1,
                "same_length": false, "tie_word_embeddings": true,
            ],
            otherNames: [
                "d_model": "hidden_size", "n_layer": "num_hidden_layers", "n_head": "num_attention_heads",
                "vocab_size": "n_token",
            ],
            ignored: [
                "mem_len", "reuse_len", "use_mems_eval", "use_mems_train", "untie_r", "summary_type",
                "summary_use_proj", "summary_activation", "start_n_top", "end_n_top",
            ],
            neutral: ["bi_data": false])
    }

    /// The base of the sinusoids' frequencies, which no file says.
    private static let base = 10_000.0
    /// Tokens of the texts that published models were trained on, which no file says.
    private static let trainedWindow = 512

    private let shape: ModelShape
    /// Numbers of a head as they are published.
    private let size: Int
    private let activation: Activation
    private let isDecoder: Bool
    let traits: ModelTraits

    init(_ configuration: Configuration) throws(ModelError) {
        let hidden = try configuration.size("d_model")
        let heads = try configuration.size("n_head", limit: 1 << 14)
        guard hidden % heads == 0, hidden % 2 == 0, hidden / heads <= 1 << 10 else {
            throw configuration.problem(
                "d_model", say("\(hidden) must be even, and shared evenly by \(heads) heads of up to 1024 dimensions"))
        }
        size = hidden / heads
        guard try configuration.size("d_head", default: size) == size else {
            throw configuration.problem("d_head", say("must be d_model / n_head, \(size)"))
        }
        isDecoder = try Self.readsOneSide(configuration)
        shape = ModelShape(
            layers: try configuration.size("n_layer", limit: 1 << 12), heads: heads, keyValueHeads: heads,
            headDimension: hidden + size, hidden: hidden, intermediate: try configuration.size("d_inner"),
            vocabulary: try configuration.size("vocab_size"), trainedWindow: Self.trainedWindow, ropeBase: Self.base,
            normEpsilon: Float(try configuration.number("layer_norm_eps", default: 1e-12, above: 0)),
            rotaryDimensions: hidden)
        activation = try configuration.activation(["ff_activation"], default: "gelu")
        let clamp = try Self.clamp(configuration)
        let rope = RotarySettings(
            base: Self.base, dimensions: hidden,
            position: clamp.map { TransformerXLRelative(base: Self.base, clamp: $0) } ?? RoPE())
        // Of the dimensions as they are published.
        let layers = Array(repeating: LayerTraits(scoreScale: 1 / Float(size).squareRoot()), count: shape.layers)
        var traits = ModelTraits(encoder: shape, scheme: .relativeSinusoids)
        traits.ropes = [rope]
        traits.encoder = isDecoder ? [] : layers
        traits.decoder = isDecoder ? layers : []
        traits.paddingSeesItself = true
        traits.comparesSegments = true
        traits.notes = [
            say(
                """
                relative positions of Transformer-XL: \(hidden) of the \(hidden + size) numbers of a query are W_r(q + v) and \
                turn, those of its keys are 0 and 1; \(size) are q + u and k, as published
                """),
            say("a text is one segment, read in one go without memories (mem_len)"),
        ]
        self.traits = traits
    }

    /// Whether a token sees only those before it.
    private static func readsOneSide(_ configuration: Configuration) throws(ModelError) -> Bool {
        let type = try configuration.string("attn_type") ?? "bi"
        guard type == "bi" || type == "uni" else {
            throw configuration.problem("attn_type", say("\(type.debugDescription) is not known; known are bi and uni"))
        }
        // Without memories it leaves every token itself alone.
        if type == "uni", try configuration.flag("same_length", default: false) {
            throw configuration.problem(
                "same_length", say("true is not supported where attn_type is uni: texts are read without memories"))
        }
        return type == "uni"
    }

    /// The distance from which on all are taken to be equally far; nil for none.
    private static func clamp(_ configuration: Configuration) throws(ModelError) -> Int? {
        guard let value = configuration.value("clamp_len") else { return nil }
        guard let clamp = value.integer, clamp <= 1 << 24 else {
            throw configuration.problem("clamp_len", say("must be a whole number up to \(1 << 24), or -1 for none"))
        }
        return clamp > 0 ? clamp : nil
    }

    func load(_ weights: Weights) throws(ModelError) -> Architecture {
        let prefix = weights.contains("word_embedding.weight") ? "" : "transformer."
        let tokens = try weights.linear(
            prefix + "word_embedding", outputs: shape.vocabulary, inputs: shape.hidden)
        // What the query stream begins with.
        try note(prefix + "mask_emb", shape: [1, 1, shape.hidden], weights)
        var blocks: [Block] = []
        for index in 0..<shape.layers { blocks.append(try block("\(prefix)layer.\(index).", weights)) }
        let stack = Stack(embedding: Embedding(tokens: tokens), blocks: blocks, finalNorm: nil)
        let hasHead = weights.contains("lm_loss.bias") || weights.contains("lm_loss.weight")
        let head =
            hasHead
            ? OutputHead(weights: try weights.outputMatrix("lm_loss", bias: "lm_loss.bias", shape, tokens: tokens))
            : nil
        return isDecoder
            ? Architecture(decoder: stack, head: head) : Architecture(encoder: stack, head: head)
    }

    /// x = norm(x + attention(x)); x = norm(x + down(activation(up(x)))).
    private func block(_ name: String, _ weights: Weights) throws(ModelError) -> Block {
        func norm(_ part: String) throws(ModelError) -> Norm {
            try .layer(name + part + ".layer_norm", size: shape.hidden, epsilon: shape.normEpsilon, weights)
        }
        return Block(
            arrangement: .normLast, attentionNorm: try norm("rel_attn"),
            attention: try attention(name + "rel_attn.", weights), feedForwardNorm: try norm("ff"),
            feedForward: try weights.plainFeedForward(
                up: name + "ff.layer_1", down: name + "ff.layer_2", shape, activation, bias: true))
    }

    private func attention(_ name: String, _ weights: Weights) throws(ModelError) -> AttentionLayer {
        let (hidden, heads, size) = (shape.hidden, shape.heads, size)
        func projection(_ part: String) throws(ModelError) -> WeightMatrix {
            try weights.folded(
                name + part, shape: [hidden, heads, size], outputs: heads * size, inputs: hidden, inputsFirst: true)
        }
        func bias(_ part: String) throws(ModelError) -> [Float] {
            try weights.values(name + part, shape: [heads, size])
        }
        // A third product, (q + s)·e, tells whether two tokens are of one segment. Of one segment it is the same for all keys
        // of a query, which the softmax takes no notice of.
        try note(name + "r_s_bias", shape: [heads, size], weights)
        try note(name + "seg_embed", shape: [2, heads, size], weights)
        let (content, distance) = (try bias("r_w_bias"), try bias("r_r_bias"))
        let relative = try projection("r")
        var layer = AttentionLayer(
            query: try projection("q").biased(content), key: try projection("k"), value: try projection("v"),
            output: try weights.folded(
                name + "o", shape: [hidden, heads, size], outputs: hidden, inputs: heads * size, inputsFirst: false))
        layer.relative = RelativeProjections(
            turning: (0..<heads).map { head in
                let own = head * size..<(head + 1) * size
                // Only checked weights have no numbers.
                return RelativeProjections.turning(
                    relative.rows(own), content: content.isEmpty ? [] : content[own],
                    distance: distance.isEmpty ? [] : distance[own])
            }, valueDimension: size)
        return layer
    }

    /// Looks at a tensor that changes nothing here.
    private func note(_ name: String, shape: [Int], _ weights: Weights) throws(ModelError) {
        if weights.contains(name) { _ = try weights.values(name, shape: shape) }
    }
}
