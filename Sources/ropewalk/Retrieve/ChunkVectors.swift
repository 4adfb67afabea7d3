import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkTokenizers

/// Vectors of chunks and of questions: means of a model's last states, of length 1.
///
/// A decoder reads the text in pieces of its window, so that a chunk's states know what comes before it in its piece; an encoder,
/// such as MiniLM, reads each chunk alone, and pools as its folder says.
struct ChunkVectors {
    private let model: Model
    private let threads: Int
    private let tokenizer: Tokenizer
    private let pooling: EmbeddingPooling
    /// Tokens that are read together.
    private let window: Int
    /// What tells its weights from others under the same name.
    private let fingerprint: String
    private var readsAlone: Bool { model.kinds.first == .encoder }

    init(_ model: Model, threads: Int) throws {
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        (self.model, self.threads, self.tokenizer) = (model, threads, tokenizer)
        fingerprint = ModelFingerprint(model).text
        let reads = max(16, min(model.shape.trainedWindow, 4096))
        // Of a decoder too, so that one that pools otherwise (by its last token) is refused.
        let own = try EmbeddingPooling(folder: model.path)
        pooling = model.kinds.first == .encoder ? own : EmbeddingPooling()
        window = min(reads, pooling.longest ?? reads)
    }

    /// What an index says of how its vectors were made.
    var name: String {
        let pooled = pooling.states == .mean ? "mean of last states" : "last state of the first token"
        return "\(model.name) \(fingerprint), \(pooled), window \(window)"
    }

    /// The vectors of a document's chunks, in their order.
    func vectors(_ text: SourceText, _ chunks: [Chunk], _ progress: (Int) -> Void) throws -> [[Float]] {
        if readsAlone {
            var cut = 0
            let vectors = try chunks.enumerated().map { index, chunk in
                progress(index + 1)
                let (vector, isCut) = try read(text.string(chunk.bytes))
                cut += isCut ? 1 : 0
                return vector
            }
            if cut > 0 {
                StandardError.write(
                    say(
                        "\(cut.grouped) \(cut, one: "chunk has", many: "chunks have") more than the \(window.grouped) tokens that \(model.name) reads: their ends are not in their vectors"
                    ))
            }
            return vectors
        }
        let document = try Document(text: text, tokenizer: tokenizer)
        return try meanStates(document, chunks.map { document.tokens(ofBytes: $0.bytes) }, progress)
    }

    /// Of a question.
    func vector(_ text: String) throws -> [Float] { try read(text).vector }

    private func read(_ text: String) throws -> (vector: [Float], isCut: Bool) {
        var ids = try tokenizer.encode(Array(text.utf8), addSpecialTokens: true, isCancelled: { false }).ids
        let isCut = ids.count > window
        if isCut, let last = ids.last {
            ids = Array(ids.prefix(window))
            // What ends every text of an encoder stays, as where it was trained.
            if readsAlone { ids[window - 1] = last }
        }
        guard !ids.isEmpty else { return (Array(repeating: 0, count: model.shape.hidden), false) }
        let recording = try record(ids)
        let tokens = readsAlone && pooling.states == .first ? 0..<1 : 0..<recording.tokens
        return (Self.mean(recording, tokens, width: model.shape.hidden), isCut)
    }

    /// Tokens of a chunk may lie in two pieces.
    private func meanStates(
        _ document: Document, _ ranges: [Range<Int>], _ progress: (Int) -> Void
    ) throws -> [[Float]] {
        var sums = ranges.map { _ in [Float](repeating: 0, count: model.shape.hidden) }
        var first = 0
        // Behind the last chunk nothing is asked for.
        let end = min(document.tokenCount, ranges.last?.upperBound ?? 0)
        for start in stride(from: 0, to: end, by: window) {
            let piece = start..<min(start + window, document.tokenCount)
            let recording = try record(Array(document.ids[piece]))
            while first < ranges.count, ranges[first].upperBound <= start { first += 1 }
            for index in first..<ranges.count {
                let own = ranges[index].clamped(to: piece)
                if ranges[index].lowerBound >= piece.upperBound { break }
                for token in own {
                    guard let state = recording.lastHidden(of: token - start) else { continue }
                    for (place, number) in state.enumerated() { sums[index][place] += number }
                }
            }
            progress(ranges.firstIndex { $0.lowerBound >= piece.upperBound } ?? ranges.count)
        }
        return sums
    }

    private func record(_ ids: [Int32]) throws(ModelError) -> Recording {
        let recordings = try Recorder(model: model, threads: threads).record(ModelInputs(ids: ids))
        guard let main = recordings.main else { throw .noTokens }
        return main
    }

    private static func mean(_ recording: Recording, _ tokens: Range<Int>, width: Int) -> [Float] {
        var sum = [Float](repeating: 0, count: width)
        for token in tokens {
            guard let state = recording.lastHidden(of: token) else { continue }
            for (place, number) in state.enumerated() where place < width { sum[place] += number / Float(tokens.count) }
        }
        return sum
    }
}
