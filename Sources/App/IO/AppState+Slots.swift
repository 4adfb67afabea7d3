import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// A slot of a memory that was found.
package struct SlotFound: Equatable, Sendable {
    /// Its place among those on the page.
    let place: Int
    /// The tokens of the text that it stands for; nil where it stands for those of another text.
    let tokens: Range<Int>?
}

/// What a query reads of the memory that the scenario has.
struct MemoryStripQuestion: Question {
    let place: HeadQuery

    func answer(_ witness: Witness, _ answers: inout Answers) -> MemoryStrip? {
        witness.lens(place.basis)?.memoryStrip(layer: place.layer, head: place.head, query: place.query)
    }
}

extension Answers {
    /// A slot so many on in the order of weights, or one by its place in the strip; nil before anything is known.
    mutating func slot(_ use: TileUse, in state: AppState) -> SlotFound? {
        if state.io.page == .retrieval { return line(use, of: RetrievalSources(state)) }
        guard state.unpreviewed == nil, let place = state.sight.place,
            let strip = answer(to: MemoryStripQuestion(place: place)), !strip.slots.isEmpty
        else { return nil }
        let order = strip.ranked
        let now = state.selectedSlot.flatMap { order.firstIndex(of: $0) }
        let wanted: Int
        switch use {
        case .step(let steps): wanted = order[min(max(0, (now ?? -1) + steps), order.count - 1)]
        case .row: return nil
        case .pick(let slot): wanted = min(max(0, slot), strip.slots.count - 1)
        }
        return SlotFound(place: wanted, tokens: strip.slots[wanted].tokens)
    }
}

extension Answers {
    /// A line so many on, or one by its place.
    private mutating func line(_ use: TileUse, of sources: RetrievalSources) -> SlotFound? {
        guard let places = sources.places(&self), !places.isEmpty else { return nil }
        let wanted: Int
        switch use {
        case .step(let steps): wanted = sources.selected.map { $0 + steps } ?? max(0, steps - 1)
        case .row: return nil
        case .pick(let line): wanted = line
        }
        let place = min(max(0, wanted), places.count - 1)
        return SlotFound(place: place, tokens: places[place].isOther ? nil : places[place].tokens)
    }
}

extension AppState {
    /// What a slot stands for is looked at as one key, so that the text shows it.
    mutating func take(slot: SlotFound) {
        io.slot = IOChoices.Selection(subject: ioSubject, step: slot.place)
        guard let tokens = slot.tokens, let keys = TokenSpan([tokens]) else { return }
        spans = Spans(start: spans.start, queries: spans.queries, keys: tokens.count > 1 ? keys : nil)
        chooseAnchor(.token(tokens.lowerBound))
    }
}
