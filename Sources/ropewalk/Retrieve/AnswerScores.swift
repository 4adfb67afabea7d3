import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkTokenizers

/// How probable an answer is behind found chunks and a question, and over all of them as RAG has it.
struct AnswerScores {
    /// What was measured; logarithms are natural.
    struct Scores: Encodable {
        /// The answer.
        let text: String
        /// ln p(z), of each chunk.
        let priors: [Double]
        /// ln p(y | z), summed over the answer's tokens.
        let likelihoods: [Double]
        let sequence: Double
        let token: Double
        /// ln p(y) behind the question alone.
        let alone: Double
        let tokens: Int
    }

    /// Fused scores lie between 0 and 1/30, so that a softmax over them as they are would take all for equal.
    static let sharpness = 100.0

    private let model: Model
    private let threads: Int
    private let tokenizer: Tokenizer

    init(_ model: Model, threads: Int) throws {
        try model.checkPredictsNext()
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        (self.model, self.threads, self.tokenizer) = (model.recorded(in: .single), threads, tokenizer)
    }

    /// - Parameters:
    ///   - chunks: what each of them says, the best first
    ///   - standing: their fused scores
    func scores(_ answer: String, query: String, chunks: [String], standing: [Double]) throws -> Scores {
        let ids = try tokenizer.encode(Array((" " + answer).utf8), addSpecialTokens: false, isCancelled: { false }).ids
        guard !ids.isEmpty else { throw CommandError.combination(say("--answer is empty: give one")) }
        let tokens = try chunks.map { try logarithms(ids, after: $0 + "\n\n" + query) }
        let priors = RAGScore.priors(standing, temperature: 1 / Self.sharpness)
        return Scores(
            text: answer, priors: priors, likelihoods: tokens.map { $0.reduce(0, +) },
            sequence: RAGScore.sequence(priors: priors, tokens: tokens),
            token: RAGScore.token(priors: priors, tokens: tokens),
            alone: try logarithms(ids, after: query).reduce(0, +), tokens: ids.count)
    }

    /// ln p of every token of the answer.
    private func logarithms(_ answer: [Int32], after prompt: String) throws -> [Double] {
        var ids = try tokenizer.encode(Array(prompt.utf8), addSpecialTokens: true, isCancelled: { false }).ids
        let start = ids.count
        guard start > 0 else { throw CommandError.combination(say("an empty question has no likelihood: give one")) }
        ids += answer
        let recording = try Recorder(model: model, threads: threads).record(ids)
        return answer.indices.map { -Double(recording.negativeLogLikelihood(after: start + $0 - 1) ?? .nan) }
    }
}
