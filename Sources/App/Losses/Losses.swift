import Lens
import Methods
import Models

/// What is measured: a model under a scenario on excerpts of the text.
public struct LossQuestion: Equatable, Sendable {
    /// The folder of the model.
    public let model: String
    public let scenario: Scenario
    /// Tokens of an excerpt, and how many there are.
    public let tokens: Int
    public let texts: Int
}

/// Losses by position that were measured, and the one that is being measured.
public struct Losses: Equatable, Sendable {
    public struct Measured: Equatable, Sendable {
        public let question: LossQuestion
        /// Nil where it cannot be measured, which `problem` explains.
        public let loss: LossByPosition?
        public let problem: String?
    }

    public internal(set) var measured: [Measured] = []
    public internal(set) var running: LossQuestion?
    /// Tokens read so far of the running one.
    public internal(set) var done = 0
    public internal(set) var isPaused = false

    public func answer(to question: LossQuestion) -> Measured? { measured.first { $0.question == question } }
}
