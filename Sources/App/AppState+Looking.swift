import Lens
import Methods

extension AppState {
    /// The recording's answers for the cursor.
    public var lens: Lens? { lenses.lens(for: cursor) }

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
        case .anchorHere: anchor = .token(cursor)
        case .swap:
            guard let other = currentAnchor else { return }
            anchor = .token(cursor)
            moveCursor(to: other)
        case .layer(let steps): choose(layer: layer + steps, head: head)
        case .head(let steps): choose(layer: layer, head: head + steps)
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

    /// Takes a head; past the last head comes the first of the next layer.
    mutating func choose(layer: Int, head: Int) {
        guard let shape = model.value?.shape, shape.layers > 0, shape.heads > 0 else { return }
        let count = shape.layers * shape.heads
        let place =
            head == self.head ? min(max(0, layer), shape.layers - 1) * shape.heads + head : layer * shape.heads + head
        let bounded = min(max(0, place), count - 1)
        self.layer = bounded / shape.heads
        self.head = bounded % shape.heads
        hasChosenHead = true
        lists.head = nil
        lists.loss = 0
        if case .strongest = anchor { anchor = .strongest(rank: 0) }
    }
}
