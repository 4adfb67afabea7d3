import RopewalkTokenizers

/// A text with the tokens that a model reads.
public struct Document: Sendable {
    /// What was read.
    public let text: SourceText
    package let encoding: Encoding
    /// Nil where nobody knows what the tokens stand for: they are shown as numbers.
    private let tokenizer: Tokenizer?

    /// - Parameters:
    ///   - encoding: the tokens of `text`, or of a part of it.
    ///   - tokenizer: what made them.
    package init(text: SourceText, encoding: Encoding, tokenizer: Tokenizer?) {
        self.text = text
        self.encoding = encoding
        self.tokenizer = tokenizer
    }

    /// Encodes `text`; see `Tokenizer.encode`.
    package init(
        text: SourceText, tokenizer: Tokenizer, addSpecialTokens: Bool = true, isCancelled: () -> Bool = { false }
    ) throws(TokenizerError) {
        let encoding = try tokenizer.encode(text.bytes, addSpecialTokens: addSpecialTokens, isCancelled: isCancelled)
        self.init(text: text, encoding: encoding, tokenizer: tokenizer)
    }

    /// Encodes another text, or this one with another tokenizer, and takes special tokens that are written in it for
    /// what they were taken here.
    package func reading(_ text: SourceText, with tokenizer: Tokenizer) throws(TokenizerError) -> Document {
        let plain = self.tokenizer?.takesSpecialTokensAsText == true
        return try Document(text: text, tokenizer: plain ? tokenizer.takingSpecialTokensAsText() : tokenizer)
    }

    /// How many tokens the text has.
    public var tokenCount: Int { encoding.count }
    /// What a model reads of the tokens, one a token.
    public var ids: [Int32] { encoding.ids }

    /// The document of the first `count` tokens; its text stays whole.
    public func prefix(tokens count: Int) -> Document {
        Document(text: text, encoding: encoding.prefix(max(0, count)), tokenizer: tokenizer)
    }

    /// The document of the tokens from one on, behind those that the tokenizer puts before every text; its text stays
    /// whole. All tokens where it has none so late.
    package func suffix(from first: Int) -> Document {
        let added = (0..<min(first, tokenCount)).prefix { token in
            encoding.bytes(of: token).isEmpty && tokenizer?.isSpecial(Int(encoding.ids[token])) == true
        }
        return Document(
            text: text, encoding: encoding.suffix(from: first, keeping: added.count), tokenizer: tokenizer)
    }

    /// The same text behind a token that it does not have, as a decoder reads it behind its start token.
    package func behind(_ start: Int32) -> Document {
        Document(text: text, encoding: encoding.beginning(with: start), tokenizer: tokenizer)
    }

    /// The token that the byte belongs to; nil where it belongs to none, as after the last token.
    public func token(atByte byte: Int) -> Int? {
        var token = encoding.byteStarts.partitionPoint { Int($0) > byte } - 1
        // Tokens without bytes stand where the next one begins.
        while token >= 0, encoding.bytes(of: token).isEmpty { token -= 1 }
        return token >= 0 && encoding.bytes(of: token).contains(byte) ? token : nil
    }

    /// The tokens that have bytes in `range`; those without bytes that lie within are among them.
    public func tokens(in range: Range<Int>) -> Range<Int> {
        let first = encoding.byteEnds.partitionPoint { Int($0) > range.lowerBound }
        let last = encoding.byteStarts.partitionPoint { Int($0) >= range.upperBound }
        return first..<max(first, last)
    }

    /// The tokens that end in a range of bytes: so ranges that follow each other have every token once. One that begins with
    /// the blank before a sentence belongs to that sentence.
    package func tokens(endingIn range: Range<Int>) -> Range<Int> {
        let first = encoding.byteEnds.partitionPoint { Int($0) > range.lowerBound }
        var last = encoding.byteEnds.partitionPoint { Int($0) > range.upperBound }
        // What a tokenizer adds behind the text is no part of it.
        if range.upperBound == text.bytes.count {
            while last > first, encoding.bytes(of: last - 1).isEmpty { last -= 1 }
        }
        return first..<max(first, last)
    }

    /// The bytes of a token in the text; empty for tokens that the text does not have.
    public func byteRange(ofToken token: Int) -> Range<Int> {
        guard (0..<tokenCount).contains(token) else { return text.bytes.count..<text.bytes.count }
        return encoding.bytes(of: token)
    }

    /// The bytes that a token stands for, not always whole characters.
    public func bytes(ofToken token: Int) -> [UInt8] {
        guard (0..<tokenCount).contains(token) else { return [] }
        let range = encoding.bytes(of: token)
        if !range.isEmpty { return Array(text.bytes[range]) }
        let id = encoding.ids[token]
        return tokenizer?.bytes(of: Int(id)) ?? Array(String(id).utf8)
    }

    /// The character of the text that a token is only a part of, and which of its parts, from 1; nil for whole ones.
    package func characterPart(ofToken token: Int) -> (character: String, part: Int, parts: Int)? {
        let range = byteRange(ofToken: token)
        guard !range.isEmpty else { return nil }
        let start = UTF8Text.isContinuation(text.bytes[range.lowerBound]) ? range.lowerBound : range.upperBound - 1
        var first = start
        while first > 0, start - first < 3, UTF8Text.isContinuation(text.bytes[first]) { first -= 1 }
        var end = first + 1
        while end < text.bytes.count, end - first < 4, UTF8Text.isContinuation(text.bytes[end]) { end += 1 }
        guard !(range.lowerBound <= first && end <= range.upperBound),
            text.bytes[first..<end].withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) == nil
        else { return nil }
        let parts = tokens(in: first..<end)
        // A token that holds whole characters besides has a name of its own.
        guard parts.count > 1, range.lowerBound >= first, range.upperBound <= end else { return nil }
        let character = TokenName.printable(Array(text.bytes[first..<end]))
        return (character, token - parts.lowerBound + 1, parts.count)
    }

    /// A token as one line of a screen can show it: `without`, `␣the`, `↵`, `\x07`, `<|bos|>`.
    public func displayName(ofToken token: Int) -> String {
        guard tokenizer == nil, (0..<tokenCount).contains(token) else {
            return TokenName.printable(bytes(ofToken: token))
        }
        // Without a tokenizer the text may be the tokens' numbers; that of a recording is a text.
        let (range, number) = (encoding.bytes(of: token), String(encoding.ids[token]))
        return range.isEmpty || text.bytes[range].elementsEqual("\(number) ".utf8)
            ? number : TokenName.printable(bytes(ofToken: token))
    }
}
