/// What the model expects after a token.
package struct Prediction: Equatable, Sendable {
    package struct Candidate: Equatable, Sendable {
        package let id: Int
        package let probability: Float

        package init(id: Int, probability: Float) {
            self.id = id
            self.probability = probability
        }
    }

    /// The token after which the model predicts.
    package let token: Int
    /// Most probable first.
    package let candidates: [Candidate]
    /// −ln p of the token that really follows, in nats; nil at the end of the text.
    package let negativeLogLikelihood: Float?

    package init(token: Int, candidates: [Candidate], negativeLogLikelihood: Float?) {
        self.token = token
        self.candidates = candidates
        self.negativeLogLikelihood = negativeLogLikelihood
    }
}
