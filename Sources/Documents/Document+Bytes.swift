import RopewalkTokenizers

extension Document {
    /// The bytes of some of its tokens, one after the other. [token]
    package func spans(ofTokens tokens: Range<Int>) -> [Range<Int>] { tokens.map { byteRange(ofToken: $0) } }

    /// All bytes from the first to the last of some tokens.
    package func bytes(ofTokens tokens: Range<Int>) -> Range<Int> {
        let spans = spans(ofTokens: tokens).filter { !$0.isEmpty }
        guard let first = spans.first, let last = spans.last else { return 0..<0 }
        return first.lowerBound..<max(first.lowerBound, last.upperBound)
    }

    /// Tokens that follow each other as they stand in the text, with the blanks between them that belong to no token and with
    /// all of the characters that they have only a part of; what the text does not have stands at its place.
    package func spelled(_ tokens: Range<Int>) -> [UInt8] {
        var spelled: [UInt8] = []
        var end: Int?
        for token in tokens {
            let own = characterBytes(ofToken: token)
            guard !own.isEmpty else {
                spelled += bytes(ofToken: token)
                continue
            }
            let start = end ?? own.lowerBound
            if start < own.upperBound { spelled += text.bytes[start..<own.upperBound] }
            end = max(start, own.upperBound)
        }
        return spelled
    }

    /// The bytes of a token, with all of the characters that it has only a part of.
    package func characterBytes(ofToken token: Int) -> Range<Int> {
        let range = byteRange(ofToken: token)
        guard !range.isEmpty else { return range }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start > 0, range.lowerBound - start < 3, UTF8Text.isContinuation(text.bytes[start]) { start -= 1 }
        while end < text.bytes.count, end - range.upperBound < 3, UTF8Text.isContinuation(text.bytes[end]) { end += 1 }
        return start..<end
    }

    /// A token in quotes, as a line can show it: “␣the”, “小” 2/2 for a part of a character.
    package func quotedName(ofToken token: Int, shortened: (String) -> String = { $0 }) -> String {
        guard let part = characterPart(ofToken: token) else { return "“\(shortened(displayName(ofToken: token)))”" }
        return "“\(part.character)” \(part.part)/\(part.parts)"
    }

    /// A token in one word: `␣the`, `小 2/2` for a part of a character.
    package func wholeName(ofToken token: Int) -> String {
        guard let part = characterPart(ofToken: token) else { return displayName(ofToken: token) }
        return "\(part.character) \(part.part)/\(part.parts)"
    }

    /// The token so many characters further on (or back, below 0): tokens that share a character count once, by the first of
    /// them.
    package func token(_ characters: Int, charactersAfter token: Int) -> Int {
        var token = token
        for _ in 0..<min(abs(characters), tokenCount) {
            let part = characterPart(ofToken: token)
            if characters > 0 {
                token += part.map { $0.parts - $0.part + 1 } ?? 1
            } else if let part, part.part > 1 {
                token -= part.part - 1
            } else {
                token -= 1
                token -= (characterPart(ofToken: token)?.part ?? 1) - 1
            }
            guard (0..<tokenCount).contains(token) else { break }
        }
        return min(max(0, token), max(0, tokenCount - 1))
    }

    /// The tokens that have bytes in a range; from the start of the text on with the one that begins it.
    package func tokens(ofBytes range: Range<Int>) -> Range<Int> {
        let tokens = tokens(in: range)
        return range.lowerBound == 0 ? 0..<tokens.upperBound : tokens
    }
}
