import RopewalkKernels
import RopewalkModels

/// What a run recorded of one layer's recurrent mixer, token by token.
struct MixerSource {
    let recording: Recording
    let layer: Int
    let traits: MixerTraits
    let constants: MixerConstants

    init?(recording: Recording, layer: Int, traits: MixerTraits) {
        guard let recorded = recording.chunks.first?.layers[layer].mixer else { return nil }
        self.recording = recording
        self.layer = layer
        self.traits = traits
        constants = recorded.constants
    }

    var tokens: Int { recording.tokens }

    /// A number of every recorded token. [token]
    /// - Parameters:
    ///   - width: numbers of a token
    ///   - column: of them
    private func column(
        _ numbers: KeyPath<RecordedMixer, RecordedNumbers>, width: Int, column: Int
    ) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(tokens)
        for chunk in recording.chunks {
            guard let recorded = chunk.layers[layer].mixer?[keyPath: numbers] else { break }
            recorded.appendColumn(column, width: width, rows: chunk.tokens.count, to: &result)
        }
        return result
    }

    /// Δ of a unit, or the keys of RWKV. [token]
    func steps(_ unit: Int) -> [Float] { column(\.steps, width: traits.units, column: unit) }

    /// What the state takes in, in one channel. [token]
    func inputs(_ channel: Int) -> [Float] { column(\.inputs, width: traits.channels, column: channel) }

    /// B or C of some tokens, as a unit has them. [token of the list, state]
    func vectors(_ numbers: KeyPath<RecordedMixer, RecordedNumbers>, unit: Int, tokens: some Sequence<Int>) -> [Float] {
        // RWKV has neither.
        guard traits.kind != .rwkv else { return [] }
        let states = traits.states
        let group = unit / (traits.units / traits.groups)
        var result: [Float] = []
        for token in tokens {
            guard let (chunk, row) = recording.place(of: token), let recorded = chunk.layers[layer].mixer else { break }
            let start = row * traits.groups * states + group * states
            result += recorded[keyPath: numbers][start..<start + states]
        }
        return result
    }

    /// A of a unit, one for every state; one alone where they fade alike.
    func rates(_ unit: Int) -> [Float] {
        guard traits.kind == .mamba else { return [constants.rates[unit]] }
        return (0..<traits.states).map { constants.rates[$0 * traits.channels + unit] }
    }

    /// D of a unit; 0 for RWKV.
    func through(_ unit: Int) -> Float { traits.kind == .rwkv ? 0 : constants.through[unit] }
}
