/// What a text is cut into to see which part reads which.
package enum TextPart: String, CaseIterable, Hashable, Sendable {
    case sentence, paragraph
}

extension Document {
    /// The tokens of all sentences or paragraphs, in order; those without a token are left out, and special tokens that are
    /// not in the text belong to none.
    /// - Parameter end: tokens that count
    package func tokens(ofParts part: TextPart, below end: Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var byte = 0
        let bytes = text.bytes.count
        var first = tokens(endingIn: 0..<0).upperBound
        while byte < bytes, first < end {
            let next = part == .sentence ? text.sentenceStart(after: byte) : text.paragraphStart(after: byte)
            byte = max(byte + 1, next)
            let tokens = first..<min(end, max(first, self.tokens(endingIn: 0..<byte).upperBound))
            if !tokens.isEmpty { parts.append(tokens) }
            first = tokens.upperBound
        }
        return parts
    }

    /// The tokens of the sentence or paragraph that holds the last byte of a token; the token alone where it is in none.
    package func tokens(ofPart part: TextPart, around token: Int) -> Range<Int> {
        let bytes = encoding.bytes(of: token)
        guard !bytes.isEmpty else { return token..<token + 1 }
        let last = bytes.upperBound - 1
        // The start is looked for from the end: the token may be the first piece of the part's first character.
        let end = part == .sentence ? text.sentenceStart(after: last) : text.paragraphStart(after: last)
        let start = part == .sentence ? text.sentenceStart(before: end) : text.paragraphStart(before: end)
        let first = tokens(endingIn: 0..<start).upperBound
        let found = first..<max(first, tokens(endingIn: 0..<end).upperBound)
        return found.contains(token) ? found : token..<token + 1
    }
}
