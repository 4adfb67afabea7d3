/// What the model expects after a token.
public struct Prediction: Equatable, Sendable {
    /// A token that may come next.
    public struct Candidate: Equatable, Sendable {
        /// In the model's vocabulary.
        public let id: Int
        /// 0 to 1.
        public let probability: Float

        package init(id: Int, probability: Float) {
            self.id = id
            self.probability = probability
        }
    }

    /// The token after which the model predicts.
    public let token: Int
    /// Most probable first.
    public let candidates: [Candidate]
    /// −ln p of the token that really follows, in nats; nil at the end of the text.
    public let negativeLogLikelihood: Float?

    package init(token: Int, candidates: [Candidate], negativeLogLikelihood: Float?) {
        self.token = token
        self.candidates = candidates
        self.negativeLogLikelihood = negativeLogLikelihood
    }
}
