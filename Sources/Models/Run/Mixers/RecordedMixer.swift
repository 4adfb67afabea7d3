import RopewalkKernels

/// What a run has left behind of one layer's recurrent mixer for a chunk of tokens: all that its hidden map is made of.
package struct RecordedMixer: Sendable {
    /// What of the mixer's weights its map is made of.
    package let constants: MixerConstants
    /// Δ, which says how far a token moves the state. Mamba: [token, channel], Mamba-2: [token, head]; RWKV: its keys,
    /// [token, channel].
    package let steps: RecordedNumbers
    /// What the state takes in, behind the short convolution; RWKV: its values. [token, channel]
    package let inputs: RecordedNumbers
    /// B: how an input is written into the state. [token, group · state]; nothing of RWKV.
    package let writes: RecordedNumbers
    /// C: how the state is read. [token, group · state]; nothing of RWKV.
    package let reads: RecordedNumbers
    /// What it gives before its gate, [token, channel]; only where a trace asks for it.
    package let outputs: [Float]?
    /// What goes on to the next chunk.
    package internal(set) var end: MixerState
}

/// What of a recurrent mixer's weights its hidden map is made of.
package struct MixerConstants: Sendable {
    /// A, below 0. Mamba: [state, channel], Mamba-2: [head]; RWKV: −decay, [channel].
    package let rates: [Float]
    /// D, what passes by the state. Mamba: [channel], Mamba-2: [head]; RWKV: what is added to a token's own key, [channel].
    package let through: [Float]
}

/// What goes from one chunk to the next in one layer.
package struct MixerState: Sendable {
    /// Of all channels.
    package let state: [Float]
    /// What short convolutions read of the tokens before.
    package let earlier: [Float]
    /// The same of a feed-forward layer that reads the token before; empty where none does.
    package internal(set) var feedForward: [Float] = []
}
