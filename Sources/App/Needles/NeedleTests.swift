import RopewalkDocuments
import RopewalkEvaluation
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// A page of the Loss panel.
package enum LossPage: String, CaseIterable, Hashable, Sendable {
    /// Losses by position.
    case positions
    /// What is found again of what is hidden in the text.
    case needles
    /// What is retrieved for every chunk of the text beside what the model reads of the chunks before it.
    case retrieval
    /// Which kind of long text the open document is.
    case data
    /// Questions of files of benchmarks, and what the model answers.
    case evaluate
}

/// What is read: prompts of one task under one contender.
package struct NeedleQuestion: Equatable, Sendable {
    /// The folder of the model, of its adapter, and what was done to its weights.
    let model: String
    let adapter: String?
    let change: WeightChange?
    let scenario: Scenario
    /// Which tokens are read of all that were.
    let edition: Int
    let isSecond: Bool
    package let plan: NeedlePlan
}

/// The text that needles are hidden in, where that is not the one that is open: the open one is a prompt made of it.
struct NeedleHaystack: Equatable, Sendable {
    let document: Document
    /// Of the session that it was open in.
    let edition: Int
    let name: String

    /// Documents of one edition are equal.
    static func == (a: NeedleHaystack, b: NeedleHaystack) -> Bool { a.edition == b.edition && a.name == b.name }
}

/// Needles in the text that is open: what was found, and what is looked for.
package struct NeedleTests: Equatable, Sendable {
    /// What is known of a question.
    package struct Answer: Equatable, Sendable {
        package let question: NeedleQuestion
        package internal(set) var outcomes: [NeedleCell: NeedleOutcome] = [:]
        /// Why none of it can be read; nil where it can.
        package internal(set) var problem: String?

        var isComplete: Bool { problem != nil || outcomes.count >= question.plan.count }
    }

    package internal(set) var task = NeedleTask(.passkey)
    package internal(set) var measure = NeedleMeasure.score
    package internal(set) var selected = NeedlesView.Place(line: 0, cell: .init(row: 0, column: 0))
    package internal(set) var answers: [Answer] = []
    package internal(set) var running: NeedleQuestion?
    /// Nil where needles are hidden in the open text.
    var haystack: NeedleHaystack?

    /// Answers that are kept: more than anyone compares.
    private static let most = 64

    /// Depths and seeds of the program's own grid.
    static let depths = NeedleSeries.spread(0, 100, count: 5)
    static let seeds = [0, 1, 2]
    private static let lengths = [256, 512, 1024, 2048, 4096]

    /// As far as the text goes, and the places that the model has; at least one.
    static func lengths(text tokens: Int, limit: Int?) -> [Int] {
        let longest = min(max(tokens, lengths[0]), limit ?? .max)
        let fitting = lengths.filter { $0 <= longest }
        return fitting.isEmpty ? [longest] : fitting
    }

    /// As at first; what was read stays.
    mutating func lookAnew() {
        let first = NeedleTests()
        (task, measure, selected) = (first.task, first.measure, first.selected)
    }

    package func answer(to question: NeedleQuestion) -> Answer? { answers.first { $0.question == question } }

    /// Keeps what came of some prompts, or why there is none.
    mutating func keep(_ records: [NeedleRecord], problem: String? = nil, of question: NeedleQuestion) {
        if let place = answers.firstIndex(where: { $0.question == question }) {
            for record in records { answers[place].outcomes[record.cell] = record.outcome }
            answers[place].problem = problem ?? answers[place].problem
            return
        }
        if answers.count >= Self.most { answers.removeFirst() }
        answers.append(Answer(question: question))
        keep(records, problem: problem, of: question)
    }
}
