import RopewalkKernels

/// One layer: a mixer, which lets tokens read others, and a feed-forward layer, each added to the residual stream.
struct Block: Sendable {
    enum Arrangement: Sendable {
        /// x += attention(norm(x)), then x += feedForward(norm(x)).
        case normFirst
        /// x += attention(norm(x)) + feedForward(otherNorm(x)).
        case parallel
        /// x = norm(x + attention(x)), then x = norm(x + feedForward(x)).
        case normLast
        /// Of two streams: x₁ += attention(norm(x₂)), then x₂ += feedForward(norm(x₁)) (Reformer).
        case reversible
    }

    var arrangement = Arrangement.normFirst
    /// Whether what a part makes is added to what it read, after the norm, in place of the stream (Bloom).
    var addsToNormed = false
    /// Nil where attention reads the stream as it is.
    let attentionNorm: Norm?
    let mixer: Mixer
    /// Of what attention gives, before it is added.
    var attentionOutputNorm: Norm?
    var cross: CrossAttention?
    let feedForwardNorm: Norm?
    let feedForward: FeedForward
    var feedForwardOutputNorm: Norm?
    /// Multiplies what each part adds (Granite).
    var residualScale: Float = 1
    /// What it does with streams beside its own (Gemma 3n).
    var altUp: AltUp.Layer?
    /// Of the stream itself, before all else (RWKV).
    var entryNorm: Norm?
    /// Multiplies the stream behind the block (RWKV).
    var streamScale: Float = 1

    /// A decoder's look at what the encoder made of its text.
    struct CrossAttention: Sendable {
        let norm: Norm
        let attention: AttentionLayer
    }
}

extension Block {
    /// A block whose tokens read others by softmax attention.
    init(
        arrangement: Arrangement = .normFirst, addsToNormed: Bool = false, attentionNorm: Norm?,
        attention: AttentionLayer, attentionOutputNorm: Norm? = nil, cross: CrossAttention? = nil,
        feedForwardNorm: Norm?, feedForward: FeedForward, feedForwardOutputNorm: Norm? = nil,
        residualScale: Float = 1, altUp: AltUp.Layer? = nil
    ) {
        self.init(
            arrangement: arrangement, addsToNormed: addsToNormed, attentionNorm: attentionNorm,
            mixer: .attention(attention), attentionOutputNorm: attentionOutputNorm, cross: cross,
            feedForwardNorm: feedForwardNorm, feedForward: feedForward, feedForwardOutputNorm: feedForwardOutputNorm,
            residualScale: residualScale, altUp: altUp)
    }
}

/// Blocks one after the other, with what comes before and after them.
struct Stack: Sendable {
    var embedding: Embedding
    let blocks: [Block]
    let finalNorm: Norm?
    /// What all its layers add to their scores (T5).
    var relativeBuckets: RelativeBuckets?
    /// Streams beside each other (Gemma 3n).
    var altUp: AltUp?
    /// What makes slots of a compressed memory, layer by layer; empty where the checkpoint has no such weights.
    var slotConvolutions: [SlotConvolution] = []

    /// Whether its blocks go through two streams in turn (Reformer).
    var isReversible: Bool { blocks.contains { $0.arrangement == .reversible } }
}

/// What a model consists of.
struct Architecture: Sendable {
    var encoder: Stack?
    var decoder: Stack?
    /// What makes logits of the last states; nil where the file has none.
    var head: OutputHead?
    /// tanh(pooler · first state) stands for the whole text (BERT); nil where the file has none.
    var pooler: WeightMatrix?

    /// The same for a decoder whose tokens see those after them too: its stack is an encoder then.
    func readingBothSides() -> Architecture {
        guard encoder == nil else { return self }
        var architecture = self
        architecture.encoder = decoder
        architecture.decoder = nil
        return architecture
    }
}
