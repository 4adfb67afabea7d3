import RopewalkDocuments
import RopewalkModels
import RopewalkRetrieval

/// The chunks of a text with what they are looked up by: their terms, and the means of the last states of a recording.
struct PassageIndex: Sendable {
    let retriever: Retriever<TermIndex>
    var chunks: [Chunk] { retriever.chunks }
    /// Whether chunks have vectors.
    var hasStates: Bool { retriever.vectors != nil }

    /// - Parameters:
    ///   - chunks: of the text, in its order
    ///   - states: what has read the text, with its tokens; nil for terms alone. Chunks that it has not read as a whole have terms alone
    init(_ text: SourceText, _ chunks: [Chunk], states: PassageStates?) throws(RetrievalError) {
        let terms = TermIndex([text.bytes], chunks.map { (0, $0.bytes) })
        guard let states else {
            retriever = Retriever(chunks: chunks, terms: terms)
            return
        }
        let read = states.read(chunks)
        var retriever = Retriever(
            chunks: chunks, terms: terms,
            vectors: read.isEmpty
                ? nil : try VectorIndex(chunks[read].map { states.mean(states.document.tokens(ofBytes: $0.bytes)) }))
        retriever.withVectors = read
        self.retriever = retriever
    }

    /// The chunk that has a byte, or the last one before it; nil where there is none.
    func chunk(atByte byte: Int) -> Int? {
        let behind = chunks.partitioningIndex { $0.bytes.lowerBound > byte }
        return chunks.isEmpty ? nil : max(0, behind - 1)
    }

    /// The last chunk that has a vector, or the last of all.
    var last: Int? {
        if hasStates, let read = retriever.withVectors { return read.upperBound - 1 }
        return chunks.indices.last
    }

    /// The vector of a chunk; nil where it has none.
    func vector(_ chunk: Int) -> [Float]? {
        guard let vectors = retriever.vectors, let read = retriever.withVectors, read.contains(chunk) else {
            return nil
        }
        let start = (chunk - read.lowerBound) * vectors.width
        return Array(vectors.numbers[start..<start + vectors.width])
    }

    /// What is found for a chunk: those that end before it begins; the others that would have been found are its leaks.
    func find(chunk: Int, in text: SourceText, count: Int) throws(RetrievalError) -> RetrievalFound {
        try retriever.find(
            RetrievalQuery(
                words: text.string(chunks[chunk].bytes), vector: vector(chunk),
                place: RetrievalPlace(document: chunks[chunk].document, bytes: chunks[chunk].bytes)), count: count)
    }
}

/// A recording of a decoder over some tokens of a text.
struct PassageStates: Sendable {
    let document: Document
    let recording: Recording

    /// The chunks all of whose tokens are recorded.
    func read(_ chunks: [Chunk]) -> Range<Int> {
        let tokens = min(document.tokenCount, recording.tokens)
        guard tokens > 0 else { return 0..<0 }
        let bytes = document.bytes(ofTokens: 0..<tokens)
        let first = chunks.partitioningIndex { $0.bytes.lowerBound >= bytes.lowerBound }
        let end = chunks.partitioningIndex { $0.bytes.upperBound > bytes.upperBound }
        return first..<max(first, end)
    }

    /// The mean of the last states of some tokens; all 0 where none is recorded. [hidden]
    func mean(_ tokens: Range<Int>) -> [Float] { Self.mean(recording, tokens) }

    static func mean(_ recording: Recording, _ tokens: Range<Int>) -> [Float] {
        var sum = [Float](repeating: 0, count: recording.shape.hidden)
        for token in tokens {
            guard let state = recording.lastHidden(of: token), state.count == sum.count else { continue }
            for (place, number) in state.enumerated() { sum[place] += number / Float(tokens.count) }
        }
        return sum
    }
}
