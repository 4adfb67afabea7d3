import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkTokenizers

/// Vectors of chunks and of questions: means of a model's last states, of length 1.
///
/// A decoder reads the text in pieces of its window, so that a chunk's states know what comes before it in its piece; an encoder,
/// such as MiniLM, reads each chunk alone.
struct ChunkVectors {
    private let model: Model
    private let threads: Int
    private let tokenizer: Tokenizer
    /// Tokens that are read together.
    private let window: Int
    private var readsAlone: Bool { model.kinds.first == .encoder }

    init(_ model: Model, threads: Int) throws {
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        (self.model, self.threads, self.tokenizer) = (model, threads, tokenizer)
        window = max(16, min(model.shape.trainedWindow, 4096))
    }

    /// What an index says of how its vectors were made.
    var name: String { "\(model.name), mean of last states, window \(window)" }

    /// The vectors of a document's chunks, in their order.
    func vectors(_ text: SourceText, _ chunks: [Chunk], _ progress: (Int) -> Void) throws -> [[Float]] {
        if readsAlone {
            return try chunks.enumerated().map { index, chunk in
                progress(index + 1)
                return try vector(text.string(chunk.bytes))
            }
        }
        let document = try Document(text: text, tokenizer: tokenizer)
        return try meanStates(document, chunks.map { document.tokens(ofBytes: $0.bytes) }, progress)
    }

    /// Of a question.
    func vector(_ text: String) throws -> [Float] {
        let ids = try tokenizer.encode(Array(text.utf8), addSpecialTokens: true, isCancelled: { false }).ids
        guard !ids.isEmpty else { return Array(repeating: 0, count: model.shape.hidden) }
        let recording = try record(Array(ids.prefix(window)))
        return Self.mean(recording, 0..<recording.tokens, width: model.shape.hidden)
    }

    /// Tokens of a chunk may lie in two pieces.
    private func meanStates(
        _ document: Document, _ ranges: [Range<Int>], _ progress: (Int) -> Void
    ) throws -> [[Float]] {
        var sums = ranges.map { _ in [Float](repeating: 0, count: model.shape.hidden) }
        var first = 0
        for start in stride(from: 0, to: document.tokenCount, by: window) {
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
