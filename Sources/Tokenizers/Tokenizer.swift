import Foundation
import RopewalkFormats

/// A tokenizer of a model on disk, with exact byte spans: what Hugging Face's tokenizer.json, SentencePiece's
/// tokenizer.model or the metadata of a GGUF file describe.
public struct Tokenizer: Sendable {
    /// The largest tokenizer.model that is read, in bytes; published ones have up to 5 MB.
    package static let modelSizeLimit = 64 << 20

    let parts: TokenizerParts
    let addedBeforeNormalizing: AddedTokenFinder
    let addedAfterNormalizing: AddedTokenFinder
    /// Added tokens that take the space beside them.
    let strippingIDs: Set<Int32>
    /// Special tokens that normalizing writes otherwise: when tokens are put together the library takes them for text.
    private let respelledIDs: Set<Int32>
    package private(set) var takesSpecialTokensAsText = false
    /// [id]; empty where nothing is trimmed.
    let margins: [TokenMargins]

    /// Reads a tokenizer.json, a tekken.json, a SentencePiece model or a tiktoken vocabulary of at most 64 MB; the name's
    /// ending tells the first two from the others, and what the file begins with which of two it is.
    public init(contentsOf path: String) throws(TokenizerError) {
        if TokenizerFileName.isModel(path) {
            let isTiktoken = TiktokenFile.isOne(path)
            try self.init(
                isTiktoken ? TiktokenFile(contentsOf: path).parts() : SentencePieceFile(contentsOf: path).parts())
        } else {
            let document = try Self.format { () throws(FormatError) in try JSONDocument(contentsOf: path) }
            if TekkenFile.isOne(document.root) {
                try self.init(TekkenFile(document).parts())
            } else {
                try self.init(TokenizerFile(document).parts(TokenizerSettings(beside: path)))
            }
        }
    }

    /// - Parameters:
    ///   - json: the contents of a tokenizer.json.
    ///   - source: names them in errors.
    package init(json: Data, source: String) throws(TokenizerError) {
        let document = try Self.format { () throws(FormatError) in try JSONDocument(json, source: source) }
        try self.init(TokenizerFile(document).parts())
    }

    /// Reads the tokenizer of a model's folder: tokenizer.json, or one of the other files where there is none.
    public init(folder: String) throws(TokenizerError) {
        try self.init(contentsOf: Self.file(in: folder) ?? folder + "/tokenizer.json")
    }

    /// The file of a model's folder that describes its tokenizer; nil where there is none.
    package static func file(in folder: String) -> String? {
        TokenizerFileName.first(in: folder).map { folder + "/" + $0 }
    }

    /// Whether a file's name is that of a tokenizer.
    package static func isTokenizerFile(_ path: String) -> Bool {
        path.hasSuffix(".json") || TokenizerFileName.isModel(path)
    }

    static func format<Value>(_ read: () throws(FormatError) -> Value) throws(TokenizerError) -> Value {
        do { return try read() } catch { throw .file(error) }
    }

    /// The same, but special tokens that are written in a text are read as any other text.
    package func takingSpecialTokensAsText() throws(TokenizerError) -> Tokenizer {
        let special = parts.vocabulary.specialIDs
        var plain = try Tokenizer(
            parts, finding: parts.addedTokens.filter { !$0.isSpecial && !special.contains($0.id) })
        plain.takesSpecialTokensAsText = true
        return plain
    }

    init(_ parts: TokenizerParts) throws(TokenizerError) { try self.init(parts, finding: parts.addedTokens) }

    /// - Parameter added: the added tokens that are looked for in texts
    private init(_ parts: TokenizerParts, finding added: [AddedToken]) throws(TokenizerError) {
        var parts = parts
        strippingIDs = Set(added.filter { $0.stripsLeft || $0.stripsRight }.map(\.id))
        addedBeforeNormalizing = AddedTokenFinder(added.filter { !$0.isNormalized }) { Array($0.content.utf8) }
        var normalized: [[UInt8]] = []
        var respelled: Set<Int32> = []
        for token in added where token.isNormalized {
            let content = token.isInNormalForm ? Array(token.content.utf8) : try parts.normalized(token.content)
            normalized.append(content)
            if !content.elementsEqual(token.content.utf8) { respelled.insert(token.id) }
            parts.vocabulary.set(Int(token.id), String(decoding: content, as: UTF8.self))
        }
        self.parts = parts
        respelledIDs = respelled
        var contents = normalized.makeIterator()
        addedAfterNormalizing = AddedTokenFinder(added.filter(\.isNormalized)) { _ in contents.next() ?? [] }
        let trims = parts.postProcessor.contains { if case .trimOffsets = $0 { true } else { false } }
        margins = trims ? parts.vocabulary.tokens.map { TokenMargins($0 ?? "") } : []
    }

    /// What the tokenizer is, such as "byte-level BPE".
    public var kind: String { parts.kind }

    /// What a reader should know of how its files were read.
    package var remarks: [String] { parts.remarks }

    /// One more than the largest id.
    public var vocabularySize: Int { parts.vocabulary.tokens.count }

    /// The token as the vocabulary writes it, such as "Ġthe"; nil where no token has that id.
    public func token(_ id: Int) -> String? { parts.vocabulary[id] }

    /// Whether it is a special token, such as the one that begins a text.
    public func isSpecial(_ id: Int) -> Bool { Int32(exactly: id).map(parts.vocabulary.specialIDs.contains) ?? false }

    private func isSkipped(_ id: Int) -> Bool {
        isSpecial(id) && !(Int32(exactly: id).map(respelledIDs.contains) ?? false)
    }

    /// The bytes that a token stands for; empty where no token has that id.
    public func bytes(of id: Int) -> [UInt8] {
        guard let token = parts.vocabulary[id] else { return [] }
        return isSpecial(id) ? Array(token.utf8) : parts.spelling.bytes(of: token)
    }

    /// The text of the tokens; bytes that are no UTF-8 together become U+FFFD, ids that no token has are left out.
    public func decode(_ ids: [Int], skipSpecialTokens: Bool) -> String {
        var tokens: [String] = []
        for id in ids where !(skipSpecialTokens && isSkipped(id)) {
            if let token = parts.vocabulary[id] { tokens.append(token) }
        }
        guard !parts.decoder.isEmpty else { return tokens.joined(separator: " ") }
        return parts.decoder.reduce(tokens) { $1.apply($0) }.joined()
    }
}
