import RopewalkModels

extension Model {
    /// What the model expects after a token, from the recorded last hidden state; nil where it is not recorded.
    public func prediction(after token: Int, in recording: Recording, count: Int) -> Prediction? {
        guard let probabilities = probabilities(after: token, in: recording) else { return nil }
        let best = TopTokens.highest(count, in: probabilities)
        return Prediction(
            token: token, candidates: best.map { Prediction.Candidate(id: $0.token, probability: $0.weight) },
            negativeLogLikelihood: recording.negativeLogLikelihood(after: token))
    }
}
