/// What lets a token of a block read those before it.
enum Mixer: Sendable {
    /// Softmax attention: a query reads keys, which are kept.
    case attention(AttentionLayer)
    /// A state of one size that goes from token to token.
    case recurrent(RecurrentMixer)

    var attention: AttentionLayer? {
        if case .attention(let layer) = self { return layer }
        return nil
    }

    var recurrent: RecurrentMixer? {
        if case .recurrent(let mixer) = self { return mixer }
        return nil
    }
}

/// The recurrent mixers.
enum RecurrentMixer: Sendable {
    /// Mamba (Gu and Dao 2023): every channel has a state of its own.
    case selective(SelectiveMixer)
    /// Mamba-2 (Dao and Gu 2024): the channels of a head fade alike.
    case heads(HeadMixer)
    /// RWKV-4 (Peng et al. 2023): every channel is a mean under fading weights.
    case mean(MeanMixer)
}
