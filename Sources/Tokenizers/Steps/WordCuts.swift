/// Where a long stretch may be cut into words without any token reaching over the cut: before a mark of space (U+2581)
/// behind anything else, if no token has a mark there.
struct WordCuts: Sendable {
    private static let mark = SentencePieceNormalizer.mark

    /// Whether the stretches may be cut; each word is encoded by itself then, most of them from memory.
    let isPossible: Bool

    static let none = WordCuts(isPossible: false)

    private init(isPossible: Bool) { self.isPossible = isPossible }

    /// - Parameter tokens: all that the model makes of several characters.
    init(tokens: some Sequence<[UInt8]>) {
        for token in tokens {
            var at = 1
            while at + Self.mark.count <= token.count {
                if Self.isMark(token, at), at < Self.mark.count || !Self.isMark(token, at - Self.mark.count) {
                    self.init(isPossible: false)
                    return
                }
                at += 1
            }
        }
        self.init(isPossible: true)
    }

    private static func isMark(_ text: some RandomAccessCollection<UInt8>, _ at: Int) -> Bool {
        text.dropFirst(at).starts(with: mark)
    }

    /// The end of the word that begins at `start`.
    func end(of start: Int, in text: UnsafeRawBufferPointer) -> Int {
        guard isPossible else { return text.count }
        var at = start
        while at < text.count, Self.isMark(text, at) { at += Self.mark.count }
        while at < text.count {
            if text[at] == Self.mark[0], Self.isMark(text, at) { return at }
            at += 1
        }
        return text.count
    }
}
