import RopewalkPhrases

/// What a recurrent mixer is, known before its weights are read.
package struct MixerTraits: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Equatable, Sendable {
        case mamba, mamba2, rwkv

        /// For people.
        package var title: String {
            switch self {
            case .mamba: "Mamba"
            case .mamba2: "Mamba-2"
            case .rwkv: "RWKV-4"
            }
        }
    }

    package let kind: Kind
    /// Numbers of a token inside of the mixer.
    package let channels: Int
    /// Channels that fade alike and have one hidden map together: heads of Mamba-2, else channels.
    package let units: Int
    /// Numbers of the state of a channel.
    package let states: Int
    /// Groups of heads that share B and C; 1 for others.
    package let groups: Int
    /// Numbers that are kept of the tokens before, beside the state of the channels: what short convolutions read.
    package let earlier: Int

    /// Numbers that go from token to token in one layer, whatever the tokens before.
    package var stateNumbers: Int { channels * states + earlier }
    /// Channels of a unit.
    package var unitWidth: Int { channels / units }
    /// Whether a unit is a head of several channels.
    package var hasHeads: Bool { kind == .mamba2 }

    /// Numbers that a recording keeps of a token.
    package var recordedNumbers: Int {
        switch kind {
        case .mamba: 2 * channels + 2 * states
        case .mamba2: channels + units + 2 * groups * states
        case .rwkv: 2 * channels
        }
    }
}
