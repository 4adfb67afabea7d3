/// What a slot of a compressed memory holds.
package enum SlotForm: String, CaseIterable, Equatable, Sendable {
    /// None: its tokens are all to be seen, which is a mask.
    case no
    /// The mean of their states, number by number.
    case mean
    /// The highest of their states, number by number.
    case max
    /// The state of one of them: of the tokens that leave the memory together, those are kept that the segment which then
    /// has been read gave the most weight, one of every `rate`, in the order of the text.
    case mostUsed = "most-used"
    /// What a convolution over their states gives, whose weights are trained.
    case conv
}

/// Where a slot stands for the positions.
package enum SlotPlaces: String, CaseIterable, Equatable, Sendable {
    /// Slots stand one after the other before the memory, as if each were a token.
    case row
    /// In the middle of its own tokens.
    case own
}

extension CompressiveWindow {
    /// The tokens in the memory of the segment that begins at `start`.
    package func memory(before start: Int) -> Range<Int> { Swift.max(0, start - memory)..<start }

    /// The first token of a query's segment.
    package func start(of query: Int) -> Int { query / segment * segment }

    /// The tokens of every slot of the compressed memory, oldest first.
    ///
    /// A segment that leaves the memory is cut into slots from its first token on; a rest that fills none is lost.
    package func slots(before start: Int) -> [Range<Int>] { slotRange(before: start).map(tokens(ofSlot:)) }

    /// The tokens of a slot, counted from the start of the text; of most-used ones those among which its token was chosen.
    package func tokens(ofSlot slot: Int) -> Range<Int> {
        if form == .mostUsed { return batch(ofSlot: slot) }
        let (chunk, index) = slot.quotientAndRemainder(dividingBy: Swift.max(1, segment / rate))
        let first = chunk * segment + index * rate
        return first..<first + rate
    }

    /// The tokens that leave the memory together when the segment that begins at `start` has been read.
    package func leaving(after start: Int) -> Range<Int> {
        Swift.max(0, start - memory)..<Swift.max(0, start + segment - memory)
    }

    /// The tokens that left the memory together with that of a most-used slot.
    private func batch(ofSlot slot: Int) -> Range<Int> {
        // The first tokens to leave are fewer where the memory holds no whole segments.
        let first = (segment - memory % segment) % segment
        guard slot >= first / rate else { return 0..<first }
        let number = (slot - first / rate) / Swift.max(1, segment / rate)
        return first + number * segment..<first + (number + 1) * segment
    }

    /// The slots that so many tokens fill.
    package func slotCount(tokens: Int) -> Int {
        tokens / segment * (segment / rate) + (tokens % segment) / rate
    }

    /// The numbers of the slots that are kept, counted from the start of the text.
    package func slotRange(before start: Int) -> Range<Int> {
        let made = slotCount(tokens: Swift.max(0, start - memory))
        return Swift.max(0, made - compressed)..<made
    }

    /// Whether slots are read beside the tokens, so that no mask says all that a query reads.
    package var readsSlots: Bool { form != .no && compressed > 0 }

    /// Where a query stands among the slots that it reads.
    package func place(ofQuery query: Int) -> Double {
        switch places {
        case .own: return Double(query)
        case .row:
            let start = start(of: query)
            return Double(query - memory(before: start).lowerBound + slotRange(before: start).upperBound)
        }
    }

    /// Where a slot stands.
    package func place(ofSlot slot: Int) -> Double {
        switch places {
        case .row: return Double(slot)
        case .own:
            let tokens = tokens(ofSlot: slot)
            return Double(tokens.lowerBound + tokens.upperBound - 1) / 2
        }
    }
}

extension Scenario {
    /// The compressed memory that is read beside the tokens; nil without one.
    package var slotMemory: CompressiveWindow? {
        windows.lazy.compactMap { $0 as? CompressiveWindow }.first { $0.readsSlots }
    }
}

extension WindowMethod {
    /// Those of its parts that have slots to read.
    package var slotMemories: [CompressiveWindow] {
        switch self {
        case let window as CompressiveWindow: window.readsSlots ? [window] : []
        case let scoped as ScopedWindow: scoped.window.slotMemories
        case let union as UnionWindow: union.parts.flatMap(\.slotMemories)
        default: []
        }
    }
}
