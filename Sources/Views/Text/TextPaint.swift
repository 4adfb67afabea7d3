import RopewalkPhrases

/// What the words of the text are painted by.
package enum TextPainting: String, CaseIterable, Hashable, Sendable {
    /// What the cursor reads, and who reads the cursor's token.
    case row, column
    /// What the model lost on each token.
    case loss
    /// How much more or less the cursor reads of each token, and how much each token costs, than before the text was
    /// changed.
    case change, lossChange
    /// How widely each token spreads its own attention, and what each gets from all tokens in all.
    case entropy, received
    /// Where the cursor's state comes from through several layers, among the tokens on the screen; also by value.
    case rollout, valueRollout
    /// Two levels of attention as one number a token: what its part is given, times what it is given within the part.
    case levels

    /// In the border, as short as it can be; empty for what is usual.
    var label: String {
        switch self {
        case .row: ""
        case .column: say("read by")
        case .loss: say("loss")
        case .change: say("change")
        case .lossChange: say("loss change")
        case .entropy: say("entropy")
        case .received: say("received")
        case .rollout: say("rollout")
        case .valueRollout: say("rollout by value")
        case .levels: say("attribution")
        }
    }

    /// Whether several layers are followed.
    package var isRollout: Bool { self == .rollout || self == .valueRollout }

    /// Whether its numbers are shares of attention, so that their sum means something.
    var isAttention: Bool { !isPerToken }

    /// Whether the numbers are those of tokens, and no shares of one attention.
    package var isPerToken: Bool { self == .loss || self == .lossChange || self == .entropy }
}

/// A number for each token, and how it is shown.
package struct TextPaint: Sendable {
    package let painting: TextPainting
    /// The token of the first number; those before it have none.
    package let first: Int
    /// NaN where it is not known. [token − first]
    package let values: [Float]
    package let scale: Scale
    /// The heads that it comes from, where they are several; empty: the one on the screen.
    package let heads: String
    /// What part of the whole it is, the longest wording first; empty where it is the whole.
    package let part: [String]

    package init(
        _ painting: TextPainting, first: Int = 0, values: [Float], scale: Scale, heads: String = "", part: [String] = []
    ) {
        self.painting = painting
        self.first = first
        self.values = values
        self.scale = scale
        self.heads = heads
        self.part = part
    }

    /// Nil for tokens that have no number.
    package func value(of token: Int) -> Float? {
        let place = token - first
        return values.indices.contains(place) && !values[place].isNaN ? values[place] : nil
    }
}
