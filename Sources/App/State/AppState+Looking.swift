import RopewalkLens
import RopewalkMethods

extension AppState {
    /// The recording's answers for the cursor.
    package var lens: Lens? { lenses.lens(for: cursor) }

    /// The key token that is looked at, from the cursor's row; nil where there is none yet.
    func anchorToken(row: AttentionRow?) -> Int? {
        switch anchor {
        case .token(let token): return token
        case .strongest(let rank):
            guard let row else { return nil }
            let ranked = Self.rankedKeys(row, count: rank + 1)
            return ranked.indices.contains(rank) ? ranked[rank] : ranked.last
        }
    }

    /// As `anchorToken(row:)`, asking the recording for the row.
    var currentAnchor: Int? {
        if case .token(let token) = anchor { return token }
        return anchorToken(row: lens?.row(layer: layer, head: head, query: cursor))
    }

    /// Keys by weight without the first token, which most heads only rest on; it counts where it is the only key.
    private static func rankedKeys(_ row: AttentionRow, count: Int) -> [Int] {
        let keys = row.topKeys(count + 1).map(\.token)
        let others = keys.filter { $0 != 0 }
        return others.isEmpty ? keys : others
    }

    mutating func look(_ action: Action) {
        switch action {
        case .strongerKey(let steps): changeRank(by: steps)
        case .anchorHere: anchor = .token(keyPlace(ofQuery: cursor))
        case .swap:
            guard let other = currentAnchor else { return }
            anchor = .token(keyPlace(ofQuery: cursor))
            moveCursor(to: queryPlace(ofKey: other))
        case .layer(let steps): choose(layer: layer + steps, head: head)
        case .head(let steps): step(heads: steps)
        default: break
        }
    }

    private mutating func changeRank(by steps: Int) {
        guard let row = lens?.row(layer: layer, head: head, query: cursor) else { return }
        let count = min(row.weights.count, 64)
        var rank = 0
        if case .strongest(let current) = anchor { rank = current + steps }
        anchor = .strongest(rank: min(max(0, rank), max(0, count - 1)))
    }

    /// Takes a head by its number over all layers, so that past the last head comes the first of the next layer.
    private mutating func step(heads steps: Int) {
        guard let shape = shape, shape.heads > 0 else { return }
        let place = min(max(0, layer * shape.heads + head + steps), shape.layers * shape.heads - 1)
        choose(layer: place / shape.heads, head: place % shape.heads)
    }

    /// Takes a head; numbers out of range mean the first and the last one.
    mutating func choose(layer: Int, head: Int) {
        guard let shape = shape, shape.layers > 0, shape.heads > 0 else { return }
        self.layer = min(max(0, layer), shape.layers - 1)
        self.head = min(max(0, head), shape.heads - 1)
        hasChosenHead = true
        lists.head = nil
        lists.loss = 0
        if case .strongest = anchor { anchor = .strongest(rank: 0) }
    }
}
