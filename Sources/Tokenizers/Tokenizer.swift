import Formats
import Foundation

/// A byte-level BPE tokenizer as Hugging Face's tokenizer.json describes it, with exact byte spans.
public struct Tokenizer: Sendable {
    let vocabulary: Vocabulary
    let model: BytePairModel
    let addedBeforeNormalizing: AddedTokenFinder
    let addedAfterNormalizing: AddedTokenFinder
    let composes: Bool
    let preTokenizer: [PreTokenizerStep]
    let postProcessor: [PostProcessorStep]
    /// Added tokens that take the space beside them.
    let strippingIDs: Set<Int32>
    /// [id]; empty where nothing is trimmed.
    let margins: [TokenMargins]

    /// Reads a tokenizer.json of at most 64 MB.
    public init(contentsOf path: String) throws(TokenizerError) {
        do {
            try self.init(JSONDocument(contentsOf: path))
        } catch let error as FormatError {
            throw .file(error)
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw .invalid(file: path, component: "tokenizer", problem: "\(error)")
        }
    }

    /// - Parameters:
    ///   - json: the contents of a tokenizer.json.
    ///   - source: names them in errors.
    public init(json: Data, source: String) throws(TokenizerError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(json, source: source)
        } catch {
            throw .file(error)
        }
        try self.init(document)
    }

    init(_ document: JSONDocument) throws(TokenizerError) {
        let file = TokenizerFile(document)
        var vocabulary = Vocabulary()
        model = try file.model(into: &vocabulary)
        let added = try file.addedTokens(into: &vocabulary)
        strippingIDs = Set(added.filter { $0.stripsLeft || $0.stripsRight }.map(\.id))
        composes = try file.composes()
        addedBeforeNormalizing = Self.finder(added.filter { !$0.isNormalized }, composes: false)
        addedAfterNormalizing = Self.finder(added.filter(\.isNormalized), composes: composes)
        preTokenizer = try file.preTokenizer()
        postProcessor = try file.postProcessor(vocabulary)
        try file.checkDecoder()
        let trims = postProcessor.contains { if case .trimOffsets = $0 { true } else { false } }
        margins = trims ? vocabulary.tokens.map { TokenMargins($0 ?? "") } : []
        self.vocabulary = vocabulary
    }

    private static func finder(_ tokens: [AddedToken], composes: Bool) -> AddedTokenFinder {
        var composition = CanonicalComposition()
        let contents = tokens.map { Array((composes ? composition.compose($0.content) : $0.content).utf8) }
        return AddedTokenFinder(tokens, contents: contents)
    }

    /// One more than the largest id.
    public var vocabularySize: Int { vocabulary.tokens.count }

    /// The token as the vocabulary writes it, such as "Ġthe"; nil where no token has that id.
    public func token(_ id: Int) -> String? { vocabulary[id] }

    /// Whether it is a special token, such as the one that begins a text.
    public func isSpecial(_ id: Int) -> Bool { Int32(exactly: id).map(vocabulary.specialIDs.contains) ?? false }

    /// The bytes that a token stands for; empty where no token has that id.
    public func bytes(of id: Int) -> [UInt8] { vocabulary.bytes(of: id) }

    /// The text of the tokens; bytes that are no UTF-8 together become U+FFFD, ids that no token has are left out.
    public func decode(_ ids: [Int], skipSpecialTokens: Bool) -> String {
        var bytes: [UInt8] = []
        for id in ids where !(skipSpecialTokens && isSpecial(id)) { bytes += self.bytes(of: id) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
