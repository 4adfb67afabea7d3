import Foundation
import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkTokenizers

/// The documents that are looked into, cut into chunks.
struct RetrievalCorpus {
    let texts: [SourceText]
    /// The same in tokens; empty where chunks are of words, or an index on disk had them.
    private(set) var documents: [Document] = []
    let plan: ChunkPlan
    private(set) var chunks: [Chunk] = []
    /// What cut the texts; empty for words.
    let units: String
    private let tokenizer: Tokenizer?
    private let tokens: Int?

    /// Nothing is cut yet.
    /// - Parameter model: nil for chunks of words
    init(_ texts: [SourceText], plan: ChunkPlan, model: Model?, tokens: Int? = nil) throws {
        (self.texts, self.plan, self.tokens) = (texts, plan, tokens)
        guard let model else {
            (tokenizer, units) = (nil, "")
            return
        }
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        self.tokenizer = tokenizer
        units = "\(model.name) \(ModelFingerprint(model).text)" + (tokens.map { ", \($0) tokens" } ?? "")
    }

    /// Cuts the texts, or takes what an index of the very same ones has, whose tokens nobody has to read again then.
    mutating func cut(kept: [Chunk]? = nil) throws {
        if let kept {
            chunks = kept
            return
        }
        guard let tokenizer else {
            chunks = texts.enumerated().flatMap { plan.chunks($1, index: $0) }
            return
        }
        documents = try texts.map { text in
            let whole = try Document(text: text, tokenizer: tokenizer)
            return tokens.map { whole.prefix(tokens: $0) } ?? whole
        }
        chunks = documents.enumerated().flatMap { plan.chunks($1, index: $0) }
    }

    func settings(vectors: String) -> IndexSettings {
        IndexSettings(
            plan: plan, units: units, vectors: vectors,
            sources: texts.map { IndexSettings.Source(path: $0.name, $0.bytes) })
    }

    func terms() -> TermIndex { TermIndex(texts.map(\.bytes), chunks.map { ($0.document, $0.bytes) }) }

    /// What a chunk says, on one line, as far as there is room.
    func words(_ chunk: Chunk, most: Int) -> String {
        let text = texts[chunk.document].string(chunk.bytes)
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > most ? words.prefix(most - 1) + "…" : words
    }

    func string(_ chunk: Chunk) -> String { texts[chunk.document].string(chunk.bytes) }
}
