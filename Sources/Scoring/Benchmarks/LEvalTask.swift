/// A data set of L-Eval as its scripts tell it by the name of a file.
package enum LEvalTask: Equatable, Sendable {
    /// Options; in Coursera several may be right.
    case options(takesSeveral: Bool)
    case number
    case program
    /// True or false by a story, and by what is known of the world.
    case judgement
    case text

    /// Parts of names decide, as in `auto_eval.py`.
    package init(named name: String) {
        if name.contains("coursera") {
            self = .options(takesSeveral: true)
        } else if name.contains("quality") || name.contains("tpo") {
            self = .options(takesSeveral: false)
        } else if name.contains("gsm") {
            self = .number
        } else if name.contains("codeU") {
            self = .program
        } else if name.contains("sci_fi") {
            self = .judgement
        } else {
            self = .text
        }
    }

    /// Tokens that are generated at most, in every task.
    package static let mostTokens = 512

    /// What is compared: pairs of an answer and its reference, of which judgements have two.
    package func compared(_ answer: CodePoints, _ reference: CodePoints) throws(ScoringError) -> [(
        CodePoints, CodePoints
    )] {
        switch self {
        case .options(let takesSeveral):
            [
                (
                    LEvalAnswer.options(answer, takesSeveral: takesSeveral),
                    try LEvalAnswer.options(ofReference: reference)
                )
            ]
        case .number: [(LEvalAnswer.number(answer), LEvalAnswer.number(reference))]
        case .program: [(LEvalAnswer.code(answer, reference: reference), LEvalAnswer.code(reference))]
        case .judgement:
            Array(zip(try LEvalAnswer.judgements(answer), try LEvalAnswer.judgements(ofReference: reference)))
        case .text: [(answer, reference)]
        }
    }
}
