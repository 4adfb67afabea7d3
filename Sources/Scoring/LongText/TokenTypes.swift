/// How many different tokens a text has, as a whole and in pieces of one length.
struct TokenTypes: Equatable, Sendable {
    /// Tokens of a piece.
    static let piece = 256

    private(set) var count = 0
    private(set) var different = 0
    /// Different tokens of all whole pieces together.
    private var ofPieces = 0

    init<Token: Hashable>(_ tokens: some Sequence<Token>) {
        var (all, own): (Set<Token>, Set<Token>) = ([], [])
        for token in tokens {
            all.insert(token)
            own.insert(token)
            count += 1
            if count % Self.piece == 0 {
                ofPieces += own.count
                own.removeAll(keepingCapacity: true)
            }
        }
        different = all.count
    }

    /// Different tokens per token, the mean of the whole pieces: what texts of any length can be compared by; nil for a text that
    /// is shorter than a piece.
    var meanOfPieces: Double? {
        let pieces = count / Self.piece
        return pieces == 0 ? nil : Double(ofPieces) / Double(pieces * Self.piece)
    }
}
