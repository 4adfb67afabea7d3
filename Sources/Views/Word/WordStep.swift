import RopewalkPhrases

/// A step from the products of one word with the keys to what the model expects next.
package enum WordStep: String, CaseIterable, Hashable, Sendable {
    /// q·k, scaled, capped, with its bias.
    case scores
    case mask
    case exponential
    case weight
    case value
    /// What the head gives.
    case output
    /// What the output projection makes of it.
    case projection
    /// The token's state before and after the block.
    case block
    /// What the model would expect before and after the block.
    case next

    /// On its tab.
    var title: String {
        switch self {
        case .scores: "q·k"
        case .mask: say("mask")
        case .exponential: "exp"
        case .weight: say("weight")
        case .value: say("value")
        case .output: say("output")
        case .projection: "W_O"
        case .block: say("block")
        case .next: say("next")
        }
    }

    /// Whether it is about keys, one by one.
    package var isOfKeys: Bool { place <= WordStep.output.place }

    var place: Int { WordStep.allCases.firstIndex(of: self) ?? 0 }

    package func after(_ steps: Int) -> WordStep {
        let all = WordStep.allCases
        return all[min(max(0, place + steps), all.count - 1)]
    }
}

/// What the keys of a word are sorted by.
package enum WordOrder: String, CaseIterable, Hashable, Sendable {
    case weight, place
}
