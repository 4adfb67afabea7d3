extension Document {
    /// The bytes of some of its tokens, one after the other. [token]
    package func spans(ofTokens tokens: Range<Int>) -> [Range<Int>] { tokens.map { byteRange(ofToken: $0) } }

    /// All bytes from the first to the last of some tokens.
    package func bytes(ofTokens tokens: Range<Int>) -> Range<Int> {
        let spans = spans(ofTokens: tokens).filter { !$0.isEmpty }
        guard let first = spans.first, let last = spans.last else { return 0..<0 }
        return first.lowerBound..<max(first.lowerBound, last.upperBound)
    }

    /// The tokens that have bytes in a range; from the start of the text on with the one that begins it.
    package func tokens(ofBytes range: Range<Int>) -> Range<Int> {
        let tokens = tokens(in: range)
        return range.lowerBound == 0 ? 0..<tokens.upperBound : tokens
    }
}
