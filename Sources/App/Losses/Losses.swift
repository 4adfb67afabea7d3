import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// What is measured: a model under a scenario on excerpts of the text.
package struct LossQuestion: Equatable, Sendable {
    /// The folder of the model.
    package let model: String
    /// The folder of its adapter: with one, the same folder is another model.
    package let adapter: String?
    /// What was done to its weights, likewise.
    let change: WeightChange?
    package let scenario: Scenario
    /// Which tokens are read of all that were, one after the other.
    var edition = 0
    /// Tokens of an excerpt, and how many there are.
    package let tokens: Int
    package let texts: Int
    /// Whether losses are told by bytes, as where a second model has tokens of its own.
    package let isByBytes: Bool
}

/// Losses by position that were measured, and the one that is being measured.
package struct Losses: Equatable, Sendable {
    package struct Measured: Equatable, Sendable {
        package let question: LossQuestion
        /// Nil where it cannot be measured, which `problem` explains.
        package let loss: LossByPosition?
        package let problem: String?
    }

    /// What an exact run of the first text keeps of full attention on its own states.
    package struct Inspected: Equatable, Sendable {
        package let question: LossQuestion
        package let measures: ScenarioMeasures
    }

    package internal(set) var measured: [Measured] = []
    package internal(set) var inspected: [Inspected] = []
    /// What the reader has put beside the usual contenders.
    package internal(set) var added: [Scenario] = []
    package internal(set) var running: LossQuestion?
    /// Tokens read so far of the running one.
    package internal(set) var done = 0
    package internal(set) var isPaused = false
    /// What the loss is without each head, as far as it is known, and of what it is being measured.
    package internal(set) var ablations: [HeadAblation] = []
    package internal(set) var ablating: LossQuestion?
    /// What the panel shows.
    package var page = LossPage.positions
    /// Whether the panel's axis of positions is logarithmic.
    package var isLogarithmic = false

    var isMeasuring: Bool { running != nil || ablating != nil }

    package func answer(to question: LossQuestion) -> Measured? { measured.first { $0.question == question } }

    mutating func keep(_ measures: ScenarioMeasures, of question: LossQuestion) {
        inspected.removeAll { $0.question == question }
        if inspected.count >= 64 { inspected.removeFirst() }
        inspected.append(Inspected(question: question, measures: measures))
    }

    mutating func keep(_ answer: Measured) {
        measured.removeAll { $0.question == answer.question }
        // More than anyone compares; what is asked for again is measured again.
        if measured.count >= 64 { measured.removeFirst() }
        measured.append(answer)
        if running == answer.question { running = nil }
    }
}
