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

extension Model {
    /// The `count` most probable tokens after a recorded one; nil where it is not recorded or the model predicts nothing.
    package func nextTokens(after token: Int, in recording: Recording, count: Int) -> NextTokens? {
        guard let probabilities = probabilities(after: token, in: recording) else { return nil }
        func candidate(_ id: Int) -> NextTokens.Candidate {
            let probability = probabilities[id]
            return NextTokens.Candidate(
                id: id, probability: probability, rank: 1 + probabilities.count { $0 > probability })
        }
        let best = TopTokens.highest(min(count, probabilities.count), in: probabilities).map { candidate($0.token) }
        let next = token + 1 < recording.ids.count ? Int(recording.ids[token + 1]) : nil
        return NextTokens(
            candidates: best, actual: next.flatMap { probabilities.indices.contains($0) ? candidate($0) : nil })
    }
}
