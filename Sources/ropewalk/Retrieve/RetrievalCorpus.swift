import Foundation
import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkTokenizers

/// The documents that are looked into, cut into chunks.
struct RetrievalCorpus {
    let texts: [SourceText]
    /// The same in tokens; empty where chunks are of words.
    let documents: [Document]
    let plan: ChunkPlan
    let chunks: [Chunk]
    /// What cut the texts; empty for words.
    let units: String

    /// - Parameter model: nil for chunks of words
    init(_ texts: [SourceText], plan: ChunkPlan, model: Model?, tokens: Int? = nil) throws {
        self.texts = texts
        self.plan = plan
        guard let model else {
            (documents, units) = ([], "")
            chunks = texts.enumerated().flatMap { plan.chunks($1, index: $0) }
            return
        }
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        units = model.name + (tokens.map { ", \($0) tokens" } ?? "")
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
