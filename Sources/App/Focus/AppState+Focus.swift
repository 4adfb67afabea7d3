import RopewalkLens
import RopewalkMethods

extension AppState {
    /// The recording's answers for the cursor.
    package var lens: Lens? { runs.lenses.lens(for: focus.cursor) }

    /// The key token that is looked at, from the cursor's row; nil where there is none yet.
    func anchorToken(row: AttentionRow?) -> Int? {
        switch focus.anchor {
        case .token(let token): return token
        case .strongest(let rank):
            guard let row else { return nil }
            let ranked = Self.rankedKeys(row, count: rank + 1)
            return ranked.indices.contains(rank) ? ranked[rank] : ranked.last
        }
    }

    /// As `anchorToken(row:)`, asking the recording for the row.
    var currentAnchor: Int? {
        if case .token(let token) = focus.anchor { return token }
        return anchorToken(row: lens?.row(layer: focus.layer, head: focus.head, query: focus.cursor))
    }

    /// Keys by weight without the first token, which most heads only rest on; it counts where it is the only key.
    private static func rankedKeys(_ row: AttentionRow, count: Int) -> [Int] {
        let keys = row.topKeys(count + 1).map(\.token)
        let others = keys.filter { $0 != 0 }
        return others.isEmpty ? keys : others
    }

    mutating func swapCursorAndAnchor() {
        guard let other = currentAnchor else { return }
        focus.anchor = .token(keyPlace(ofQuery: focus.cursor))
        moveCursor(to: queryPlace(ofKey: other))
    }

    mutating func changeRank(by steps: Int) {
        guard let row = lens?.row(layer: focus.layer, head: focus.head, query: focus.cursor) else { return }
        let count = min(row.weights.count, 64)
        var rank = 0
        if case .strongest(let current) = focus.anchor { rank = current + steps }
        focus.anchor = .strongest(rank: min(max(0, rank), max(0, count - 1)))
    }

    /// Takes a head by its number over all layers, so that past the last head comes the first of the next layer.
    mutating func step(heads steps: Int) {
        guard let shape = shape, shape.heads > 0 else { return }
        let place = min(max(0, focus.layer * shape.heads + focus.head + steps), shape.layers * shape.heads - 1)
        choose(layer: place / shape.heads, head: place % shape.heads)
    }

    /// Takes a head; numbers out of range mean the first and the last one.
    mutating func choose(layer: Int, head: Int) {
        guard let shape = shape, shape.layers > 0, shape.heads > 0 else { return }
        focus.layer = min(max(0, layer), shape.layers - 1)
        focus.head = min(max(0, head), shape.heads - 1)
        focus.hasChosenHead = true
        heads.selected = nil
        masks.worstQuery = 0
        if case .strongest = focus.anchor { focus.anchor = .strongest(rank: 0) }
    }
}
