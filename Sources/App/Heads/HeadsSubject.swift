import RopewalkModels

/// What all heads are asked about, where they are sorted by it.
struct HeadsSubject: Equatable {
    private let kind: AttentionKind
    private let cursor: Int
    private let anchor: Anchor
    private let spans: Spans

    /// Nil where they are sorted by what they do in the whole text, or are not on the screen.
    init?(_ state: AppState) {
        guard state.heads.order.isAboutPlace, state.panels.shown.contains(.heads) else { return nil }
        kind = state.focus.kind
        cursor = state.focus.cursor
        anchor = state.focus.anchor
        spans = state.spans
    }
}

extension AppState {
    /// Of another pair another head is the strongest: the list begins there again.
    func rankAnew(after before: HeadsSubject?) -> [Effect] {
        guard let before, let now = HeadsSubject(self), now != before else { return [] }
        return [.find(.rankedHead(.first))]
    }
}
