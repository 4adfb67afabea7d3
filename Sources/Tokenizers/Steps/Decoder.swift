/// One step of putting tokens together to a text.
enum DecoderStep: Sendable {
    case byteLevel
    case byteFallback
    case fuse
    case replace(TextPattern, by: [UInt8])
    /// Takes up to so many of the character away at the ends of every token.
    case strip(Unicode.Scalar, start: Int, stop: Int)
    /// Marks become spaces, but for those of the first token if `dropsFirst`.
    case metaspace(Unicode.Scalar, dropsFirst: Bool)
    case wordPiece(prefix: String, cleansUp: Bool)
    /// The suffix becomes a space, but in the last token.
    case wordEnd(suffix: String)
    case ctc(pad: String, delimiter: String, cleansUp: Bool)
}

extension DecoderStep {
    /// What the step makes of the tokens.
    func apply(_ tokens: [String]) -> [String] {
        switch self {
        case .byteLevel:
            let bytes = tokens.flatMap { ByteAlphabet.decode($0.unicodeScalars) ?? Array($0.utf8) }
            return [String(decoding: bytes, as: UTF8.self)]
        case .byteFallback: return Self.joinBytes(tokens)
        case .fuse: return [tokens.joined()]
        case .replace(let pattern, let content): return tokens.map { Self.replace($0, pattern, content) }
        case .strip(let scalar, let start, let stop):
            return tokens.map { Self.strip($0, scalar, start: start, stop: stop) }
        case .metaspace(let mark, let dropsFirst):
            return tokens.enumerated().map { index, token in
                var result = String.UnicodeScalarView()
                for scalar in token.unicodeScalars {
                    if scalar != mark { result.append(scalar) } else if index > 0 || !dropsFirst { result.append(" ") }
                }
                return String(result)
            }
        case .wordPiece(let prefix, let cleansUp):
            return tokens.enumerated().map { index, token in
                let text = index == 0 ? token : Self.wordPiece(token, prefix)
                return cleansUp ? Self.cleanedUp(text) : text
            }
        case .wordEnd(let suffix):
            return tokens.enumerated().map { index, token in
                Self.replace(token, .literal(Array(suffix.utf8)), index == tokens.count - 1 ? [] : [0x20])
            }
        case .ctc(let pad, let delimiter, let cleansUp):
            let distinct = tokens.enumerated().filter { $0 == 0 || !tokens[$0 - 1].utf8.elementsEqual($1.utf8) }
            return distinct.compactMap { _, token in
                var text = Self.replace(token, .literal(Array(pad.utf8)), [])
                if cleansUp { text = Self.replace(Self.cleanedUp(text), .literal(Array(delimiter.utf8)), [0x20]) }
                return text.isEmpty ? nil : text
            }
        }
    }

    /// The byte that a token such as "<0x0A>" stands for.
    static func byte(of token: String) -> UInt8? {
        let text = Array(token.utf8)
        guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: text[3..<5], as: UTF8.self), radix: 16)
    }

    /// Bytes side by side become text, or each becomes U+FFFD where they are no UTF-8 together.
    private static func joinBytes(_ tokens: [String]) -> [String] {
        var result: [String] = []
        var bytes: [UInt8] = []
        func flush() {
            guard !bytes.isEmpty else { return }
            if bytes.withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) == nil {
                result.append(String(decoding: bytes, as: UTF8.self))
            } else {
                result += [String](repeating: "\u{FFFD}", count: bytes.count)
            }
            bytes = []
        }
        for token in tokens {
            if let byte = byte(of: token) {
                bytes.append(byte)
            } else {
                flush()
                result.append(token)
            }
        }
        flush()
        return result
    }

    private static func replace(_ text: String, _ pattern: TextPattern, _ content: [UInt8]) -> String {
        let bytes = Array(text.utf8)
        var output = Alignment(sourceCount: bytes.count)
        do {
            try output.replace(pattern, content, bytes, 0..<bytes.count) { false }
        } catch {
            // A pattern that gives up leaves the token as it is.
            return text
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    private static func strip(_ text: String, _ scalar: Unicode.Scalar, start: Int, stop: Int) -> String {
        let scalars = Array(text.unicodeScalars)
        let first = scalars.prefix(max(0, start)).prefix { $0 == scalar }.count
        let last = scalars.dropFirst(first).suffix(max(0, stop)).reversed().prefix { $0 == scalar }.count
        return String(String.UnicodeScalarView(scalars[first..<scalars.count - last]))
    }

    private static func wordPiece(_ token: String, _ prefix: String) -> String {
        guard token.utf8.starts(with: prefix.utf8) else { return " " + token }
        return String(decoding: token.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// The spaces that BERT's tokens have before punctuation and English contractions.
    private static func cleanedUp(_ text: String) -> String {
        let rules = [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
            (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ]
        return rules.reduce(text) { replace($0, .literal(Array($1.0.utf8)), Array($1.1.utf8)) }
    }
}
