import Tokenizers

/// A text with the tokens that a model reads.
public struct Document: Sendable {
    public let text: SourceText
    public let encoding: Encoding
    private let tokenizer: Tokenizer

    /// - Parameters:
    ///   - encoding: the tokens of `text`, or of a part of it.
    ///   - tokenizer: what made them.
    public init(text: SourceText, encoding: Encoding, tokenizer: Tokenizer) {
        self.text = text
        self.encoding = encoding
        self.tokenizer = tokenizer
    }

    /// Encodes `text`; see `Tokenizer.encode`.
    public init(
        text: SourceText, tokenizer: Tokenizer, addSpecialTokens: Bool = true, isCancelled: () -> Bool = { false }
    ) throws(TokenizerError) {
        let encoding = try tokenizer.encode(text.bytes, addSpecialTokens: addSpecialTokens, isCancelled: isCancelled)
        self.init(text: text, encoding: encoding, tokenizer: tokenizer)
    }

    public var tokenCount: Int { encoding.count }
    public var ids: [Int32] { encoding.ids }

    /// The document of the first `count` tokens; its text stays whole.
    public func prefix(tokens count: Int) -> Document {
        Document(text: text, encoding: encoding.prefix(max(0, count)), tokenizer: tokenizer)
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

    /// The bytes of a token in the text; empty for tokens that the text does not have.
    public func byteRange(ofToken token: Int) -> Range<Int> {
        guard (0..<tokenCount).contains(token) else { return text.bytes.count..<text.bytes.count }
        return encoding.bytes(of: token)
    }

    /// The bytes that a token stands for, not always whole characters.
    public func bytes(ofToken token: Int) -> [UInt8] {
        guard (0..<tokenCount).contains(token) else { return [] }
        let range = encoding.bytes(of: token)
        return range.isEmpty ? tokenizer.bytes(of: Int(encoding.ids[token])) : Array(text.bytes[range])
    }

    /// A token as one line of a screen can show it: `without`, `␣the`, `↵`, `\x07`, `<|bos|>`.
    public func displayName(ofToken token: Int) -> String { TokenName.printable(bytes(ofToken: token)) }
}
