import RopewalkPhrases
import RopewalkRetrieval

/// An index of a corpus, in memory or on disk, and the times that it took.
struct RetrievalWork {
    private enum Source {
        case memory(Retriever<TermIndex>)
        case file(Retriever<IndexFile>)
    }

    private let source: Source
    /// Whether the index was there already.
    let wasKept: Bool
    let hasVectors: Bool
    let usesTerms: Bool
    let indexing: Duration

    /// Cuts the corpus and indexes it; where an index of the very same texts is on disk, nothing of them is cut or counted.
    /// - Parameters:
    ///   - maker: what makes vectors; nil for none
    ///   - index: the file of the index; nil for keeping none
    ///   - needsTokens: whether the texts are needed in tokens too
    init(
        _ corpus: inout RetrievalCorpus, _ maker: ChunkVectors?, index: String?, usesTerms: Bool, needsTokens: Bool
    ) throws {
        let start = ContinuousClock.now
        let settings = corpus.settings(vectors: maker?.name ?? "")
        hasVectors = maker != nil
        self.usesTerms = usesTerms
        var kept = try index.flatMap { try IndexFile(contentsOf: $0) }
        if kept?.settings != settings { kept = nil }
        try corpus.cut(kept: needsTokens ? nil : kept?.chunks)
        guard !corpus.chunks.isEmpty else { throw CommandError.emptyText(corpus.texts.first?.name ?? "") }
        if let file = kept, file.chunks == corpus.chunks {
            source = .file(Retriever(chunks: file.chunks, terms: file, vectors: try file.vectors()))
            wasKept = true
            indexing = ContinuousClock.now - start
            return
        }
        wasKept = false
        let terms = corpus.terms()
        var vectors: VectorIndex?
        if let maker {
            let progress = ProgressLine(say("indexing"))
            defer { progress.clear() }
            var made: [[Float]] = []
            for (number, text) in corpus.texts.enumerated() {
                let own = corpus.chunks.filter { $0.document == number }
                let done = made.count
                made += try maker.vectors(text, own) {
                    progress.showCount(say("\((done + $0).grouped) of \(corpus.chunks.count.grouped) chunks"))
                }
            }
            vectors = try VectorIndex(made)
        }
        if let index { try IndexFile.write(index, settings, chunks: corpus.chunks, terms: terms, vectors: vectors) }
        source = .memory(Retriever(chunks: corpus.chunks, terms: terms, vectors: vectors))
        indexing = ContinuousClock.now - start
    }

    /// The best chunks for a question.
    func find(_ query: RetrievalQuery, count: Int) throws -> RetrievalFound {
        var query = query
        if !usesTerms { query.words = "" }
        switch source {
        case .memory(let retriever): return try retriever.find(query, count: count)
        case .file(let retriever): return try retriever.find(query, count: count)
        }
    }

    /// The vector of a chunk; nil without vectors.
    func vector(_ chunk: Int) -> [Float]? {
        let vectors: VectorIndex? =
            switch source {
            case .memory(let retriever): retriever.vectors
            case .file(let retriever): retriever.vectors
            }
        guard let vectors, chunk < vectors.count else { return nil }
        return Array(vectors.numbers[chunk * vectors.width..<(chunk + 1) * vectors.width])
    }
}
