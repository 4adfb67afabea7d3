import RopewalkLens

/// Where a token's state comes from through several layers, among some tokens; nil where it is not read.
struct RolloutQuestion: DeepeningQuestion {
    let basis: Basis
    let query: Int
    let tokens: Range<Int>
    let top: Int
    let byValue: Bool

    func answer(_ witness: Witness, _ answers: inout Answers) -> Rollout? {
        witness.lens(basis)?.rollout(query: query, tokens: tokens, top: top, byValue: byValue)
    }

    func isComplete(_ answer: Rollout?) -> Bool { answer?.isComplete ?? true }

    func deepen(_ answer: inout Rollout?, _ witness: Witness) {
        guard var rollout = answer, let lens = witness.lens(basis) else { return answer = nil }
        lens.extend(&rollout)
        answer = rollout
    }
}

extension AppState {
    /// The tokens on the screen that a rollout can follow; nil where the cursor is not among them.
    func followedTokens(read: Int) -> Range<Int>? {
        let rows = textLayout?.rows(from: window.top, count: textRows) ?? []
        guard let document = queryDocument, let first = rows.first, let last = rows.last else { return nil }
        let shown = document.tokens(in: first.bytes.lowerBound..<last.bytes.upperBound).clamped(to: 0..<read)
        guard shown.contains(focus.cursor) else { return nil }
        if focus.kind.isCausal {
            return max(shown.lowerBound, focus.cursor + 1 - Lens.rolloutTokens)..<focus.cursor + 1
        }
        let start = max(shown.lowerBound, focus.cursor - Lens.rolloutTokens / 2)
        return start..<min(shown.upperBound, start + Lens.rolloutTokens)
    }
}
