import Foundation
import RopewalkFormats
import RopewalkPhrases
import RopewalkTokenizers

/// The text that given tokens spell together, and the bytes of it that each has.
package struct GivenText: Sendable {
    /// How the tokens tell where words begin.
    package enum Marks: Equatable, Sendable {
        /// GPT-2 and its kin: a character stands for a byte, Ġ for a blank.
        case byteLevel
        /// SentencePiece: ▁ stands for a blank, <0x0A> for a byte.
        case underline
        /// WordPiece: ## before what goes on a word.
        case wordPiece
        /// None of these, and no blanks in any token: each is a word.
        case words
        /// As they stand, blanks among them.
        case plain

        /// For people: how they were read.
        package var words: String {
            switch self {
            case .byteLevel: say("tokens are written with GPT-2's marks: Ġ is a blank")
            case .underline: say("tokens are written with SentencePiece's marks: ▁ is a blank")
            case .wordPiece: say("tokens are written with WordPiece's marks: ## goes on a word, others begin one")
            case .words: say("tokens have no blanks and no marks: each is taken for a word, with a blank before it")
            case .plain: say("tokens are taken as they stand")
            }
        }
    }

    /// UTF-8
    package let bytes: [UInt8]
    /// The ids are those of a tokenizer, or number different tokens in the order in which they come.
    package let encoding: Encoding
    /// Nil where ids were given.
    package let marks: Marks?
    /// The id of every token that is written out; empty where ids were given.
    private let vocabulary: [[UInt8]: Int32]

    /// Tokens that are written out.
    package init(_ tokens: [String]) {
        let marks = Self.marks(tokens)
        var known: [[UInt8]: Int32] = [:]
        // By their bytes: two spellings of "é" are different tokens.
        var ids: [Int32] = []
        for token in tokens {
            let id = known[Array(token.utf8)] ?? Int32(known.count)
            known[Array(token.utf8)] = id
            ids.append(id)
        }
        let spelled = tokens.enumerated().map { Self.spelled($0.element, marks, isFirst: $0.offset == 0) }
        self.init(ids: ids, spelled: spelled, marks: marks, vocabulary: known)
    }

    /// The same with the ids that another text gives to the same tokens; others come behind them.
    func numbered(behind first: GivenText) -> GivenText {
        guard !vocabulary.isEmpty, !first.vocabulary.isEmpty else { return self }
        var all = first.vocabulary
        var ids = [Int32](repeating: 0, count: vocabulary.count)
        for (token, id) in vocabulary.sorted(by: { $0.value < $1.value }) {
            let new = all[token] ?? Int32(all.count)
            all[token] = new
            ids[Int(id)] = new
        }
        return GivenText(
            bytes: bytes,
            encoding: Encoding(
                ids: encoding.ids.map { ids[Int($0)] }, byteStarts: encoding.byteStarts, byteEnds: encoding.byteEnds),
            marks: marks, vocabulary: all)
    }

    private init(bytes: [UInt8], encoding: Encoding, marks: Marks?, vocabulary: [[UInt8]: Int32]) {
        (self.bytes, self.encoding, self.marks, self.vocabulary) = (bytes, encoding, marks, vocabulary)
    }

    /// Tokens of a tokenizer.
    package init(ids: [Int32], tokenizer: Tokenizer) {
        self.init(ids: ids, spelled: ids.map { tokenizer.bytes(of: Int($0)) }, marks: nil, vocabulary: [:])
    }

    private init(ids: [Int32], spelled: [[UInt8]], marks: Marks?, vocabulary: [[UInt8]: Int32]) {
        // Tokens may be parts of characters; what is no text together is written token by token.
        let isText = String(validating: spelled.joined(), as: UTF8.self) != nil
        let shown = isText ? spelled : spelled.map { Array(String(decoding: $0, as: UTF8.self).utf8) }
        bytes = Array(shown.joined())
        encoding = Encoding(ids: ids, byteLengths: shown.map(\.count))
        (self.marks, self.vocabulary) = (marks, vocabulary)
    }

    static func marks(_ tokens: [String]) -> Marks {
        if tokens.contains(where: { $0.contains("Ġ") || $0.contains("Ċ") }) { return .byteLevel }
        if tokens.contains(where: { $0.contains("▁") }) { return .underline }
        if tokens.contains(where: { $0.hasPrefix("##") && $0.count > 2 }) { return .wordPiece }
        let hasBlanks = tokens.contains { $0.unicodeScalars.contains { $0.properties.isWhitespace } }
        return hasBlanks ? .plain : .words
    }

    private static func spelled(_ token: String, _ marks: Marks, isFirst: Bool) -> [UInt8] {
        switch marks {
        case .plain: return Array(token.utf8)
        case .words: return Array((isFirst || token.isEmpty ? token : " " + token).utf8)
        case .wordPiece:
            if token.hasPrefix("##"), token.count > 2 { return Array(token.dropFirst(2).utf8) }
            return Array((isFirst || token.isEmpty ? token : " " + token).utf8)
        case .underline:
            if let byte = byte(token) { return [byte] }
            return Array(token.replacing("▁", with: " ").utf8)
        case .byteLevel:
            let bytes = token.unicodeScalars.map { byteOfScalar[$0.value] }
            // A special token may hold characters that stand for no byte.
            return bytes.contains(nil) ? Array(token.utf8) : bytes.compactMap { $0 }
        }
    }

    /// `<0x0A>`
    private static func byte(_ token: String) -> UInt8? {
        guard token.utf8.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">") else { return nil }
        return UInt8(token.dropFirst(3).dropLast(), radix: 16)
    }

    /// What each character of byte-level tokens stands for: printable ones of Latin-1 for themselves, those from U+0100 on
    /// for the other bytes in their order.
    private static let byteOfScalar: [UInt32: UInt8] = {
        var bytes: [UInt32: UInt8] = [:]
        var next: UInt32 = 256
        for byte in UInt32(0)..<256 {
            let isPrintable =
                (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
            bytes[isPrintable ? byte : next] = UInt8(byte)
            if !isPrintable { next += 1 }
        }
        return bytes
    }()
}

extension GivenText {
    /// The tokens of a file: a JSON array of texts, an object with one as "tokens", or one token a line.
    package static func tokens(contentsOf path: String) throws(ModelError) -> [String] {
        let data: Data
        do throws(FormatError) { data = try RegularFile.map(path, sizeLimit: JSONDocument.sizeLimit) } catch {
            throw .format(error)
        }
        if path.hasSuffix(".json") { return try listed(data, path) }
        // A list of lines may begin with [CLS], which is no JSON.
        if data.first == UInt8(ascii: "["), let tokens = try? listed(data, path) { return tokens }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .attention(
                file: path, say("it is no UTF-8 text: one token a line is expected, or a JSON array of texts"))
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.hasSuffix("\r") ? line.dropLast() : line)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private static func listed(_ data: Data, _ path: String) throws(ModelError) -> [String] {
        let root: JSONValue
        do throws(FormatError) { root = try JSONDocument(data, source: path).root } catch { throw .format(error) }
        guard let list = root.array ?? root["tokens"]?.array else {
            throw .attention(file: path, say("a JSON array of texts is expected, a token each"))
        }
        var tokens: [String] = []
        for (index, value) in list.enumerated() {
            guard let token = value.string else {
                throw .attention(
                    file: path,
                    say("element \(index): a text is expected, there is \(value.summary)"))
            }
            tokens.append(token)
        }
        return tokens
    }
}
