import Foundation
import RopewalkModels

/// What a model expects after a token, and what it made of the one that really follows.
package struct NextTokens: Equatable, Sendable {
    /// A token of the vocabulary.
    package struct Candidate: Equatable, Sendable {
        package let id: Int
        /// ln p, at most 0.
        package let logProbability: Float
        /// From 1: one more than there are tokens with a higher probability.
        package let rank: Int

        /// 0 to 1; 0 where it is too small for a Float, which its logarithm is not.
        package var probability: Float { expf(logProbability) }
        /// −ln p, what the model loses where the token follows.
        package var nats: Float { -logProbability }
    }

    /// Most probable first; of equal ones the lower id first.
    package let candidates: [Candidate]
    /// The token that follows in the text; nil at its end.
    package let actual: Candidate?
}

extension NextTokens {
    /// - Parameters:
    ///   - logProbabilities: ln p of every token of the vocabulary
    ///   - ids: of the text
    init(logProbabilities: [Float], after token: Int, ids: [Int32], count: Int) {
        func candidate(_ id: Int) -> Candidate {
            let own = logProbabilities[id]
            return Candidate(id: id, logProbability: own, rank: 1 + logProbabilities.count { $0 > own })
        }
        let best = TopTokens.highest(count, in: logProbabilities, above: -.infinity).map { candidate($0.token) }
        let next = token + 1 < ids.count ? Int(ids[token + 1]) : nil
        self.init(
            candidates: best, actual: next.flatMap { logProbabilities.indices.contains($0) ? candidate($0) : nil })
    }
}

extension Model {
    /// The `count` most probable tokens after a recorded one; nil where it is not recorded or the model predicts nothing.
    package func nextTokens(after token: Int, in recording: Recording, count: Int) -> NextTokens? {
        logProbabilities(after: token, in: recording).map {
            NextTokens(logProbabilities: $0, after: token, ids: recording.ids, count: count)
        }
    }
}
