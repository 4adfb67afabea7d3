import RopewalkModels
import RopewalkPhrases
import RopewalkScoring

/// Which kind of long text the open document is: what is measured of it.
package struct LongTextStore: Equatable, Sendable {
    package internal(set) var answers: [LongTextAnswer] = []
    package internal(set) var running: LongTextQuestion?
    /// The first row of the table that is shown.
    package internal(set) var top = 0

    private static let most = 8

    package func answer(to question: LongTextQuestion) -> LongTextAnswer? { answers.first { $0.question == question } }

    mutating func keep(_ answer: LongTextAnswer) {
        if let place = answers.firstIndex(where: { $0.question == answer.question }) {
            answers[place] = answer
            return
        }
        if answers.count >= Self.most { answers.removeFirst() }
        answers.append(answer)
    }
}

/// A text and what reads it; the model's own methods, as `ropewalk data` has it.
package struct LongTextQuestion: Equatable, Sendable {
    let edition: Int
    let bytes: Int
    /// The folder of the model, of its adapter, and what was done to its weights; nil without one.
    let model: String?
    let adapter: String?
    let change: WeightChange?
}

/// What is known of a document by now.
package struct LongTextAnswer: Equatable, Sendable {
    package let question: LongTextQuestion
    /// Without what pieces say.
    package internal(set) var metrics: LongTextMetrics?
    /// What it is compared with; nil where there is nothing of its language.
    package internal(set) var table: LongTextReference.Table?
    /// Documents of the reference, by language; empty without one.
    package internal(set) var counts: [TextLanguage: Int] = [:]
    /// How long those of its language are; nil where that is not known.
    package internal(set) var characters: Int?
    /// The first tokens of the pieces that are read, those that are, and tokens of a piece.
    package internal(set) var starts: [Int] = []
    package internal(set) var pieces: [Coherence.Piece] = []
    package internal(set) var piece = 0
    /// Why no pieces are read; nil where they are.
    package internal(set) var remark: String?
    /// Why there is no reference; nil where there is one.
    package internal(set) var withoutReference: String?
    /// Why nothing can be measured; nil where it can.
    package internal(set) var problem: String?

    init(question: LongTextQuestion) { self.question = question }

    var isComplete: Bool { problem != nil || metrics != nil && pieces.count >= starts.count }

    /// With what the pieces say that are read.
    var measured: LongTextMetrics? {
        var all = metrics
        if !pieces.isEmpty { all?.coherence = Coherence(pieces) }
        return all
    }
}
