import RopewalkModels

/// What the reader looks at: a query, a key, and the head between them.
package struct Focus: Equatable, Sendable {
    /// What reads what.
    package internal(set) var kind = AttentionKind.decoder
    /// The query token.
    package var cursor = 0
    package var hasMoved = false
    package var anchor = Anchor.strongest(rank: 0) { didSet { if anchor != oldValue { isAnchorChosen = false } } }
    /// Whether the reader said of the anchor, at its own place, that it stays.
    var isAnchorChosen = false
    package var layer = 0
    package var head = 0
    package var hasChosenHead = false
}

/// How the key token that is looked at is chosen.
package enum Anchor: Hashable, Sendable {
    /// The cursor's key with the highest weight (rank 0), or one of the next; the first token does not count.
    case strongest(rank: Int)
    case token(Int)
}
