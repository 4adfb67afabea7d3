import Foundation
import RopewalkModels

/// What a model expects after a token, and what it made of the one that really follows.
package struct NextTokens: Equatable, Sendable {
    /// A token of the vocabulary.
    package struct Candidate: Equatable, Sendable {
        package let id: Int
        /// 0 to 1.
        package let probability: Float
        /// From 1: one more than there are tokens with a higher probability.
        package let rank: Int

        /// −ln p, what the model loses where the token follows.
        package var nats: Float { -logf(probability) }
    }

    /// Most probable first; of equal ones the lower id first.
    package let candidates: [Candidate]
    /// The token that follows in the text; nil at its end.
    package let actual: Candidate?
}

extension NextTokens {
    /// - Parameters:
    ///   - probabilities: of every token of the vocabulary
    ///   - ids: of the text
    init(probabilities: [Float], after token: Int, ids: [Int32], count: Int) {
        func candidate(_ id: Int) -> Candidate {
            let probability = probabilities[id]
            return Candidate(
                id: id, probability: probability, rank: 1 + probabilities.count { $0 > probability })
        }
        let best = TopTokens.highest(min(count, probabilities.count), in: probabilities).map { candidate($0.token) }
        let next = token + 1 < ids.count ? Int(ids[token + 1]) : nil
        self.init(
            candidates: best, actual: next.flatMap { probabilities.indices.contains($0) ? candidate($0) : nil })
    }
}

extension Model {
    /// The `count` most probable tokens after a recorded one; nil where it is not recorded or the model predicts nothing.
    package func nextTokens(after token: Int, in recording: Recording, count: Int) -> NextTokens? {
        probabilities(after: token, in: recording).map {
            NextTokens(probabilities: $0, after: token, ids: recording.ids, count: count)
        }
    }
}
