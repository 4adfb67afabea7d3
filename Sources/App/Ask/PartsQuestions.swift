import RopewalkDocuments
import RopewalkLens
import RopewalkModels

/// The sentences or paragraphs of what is read, as tokens.
struct PartsQuestion: Question {
    static var isSlow: Bool { true }

    let part: TextPart
    let run: UInt64
    /// Those that runs read.
    let tokens: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> [Range<Int>] {
        witness.document?.tokens(ofParts: part, below: tokens) ?? []
    }
}

/// What one part reads of all parts.
struct PartsRowQuestion: DeepeningQuestion {
    let basis: Basis
    let layer: Int
    let head: Int
    let parts: PartsQuestion
    let queries: Range<Int>

    func answer(_ witness: Witness, _ answers: inout Answers) -> PartsRowAnswer {
        let all = answers.answer(to: parts)
        return PartsRowAnswer(row: PartsRow(queries, parts: all.count), parts: all)
    }

    func isComplete(_ answer: PartsRowAnswer) -> Bool { answer.row.isComplete }

    func deepen(_ answer: inout PartsRowAnswer, _ witness: Witness) {
        guard let lens = witness.lens(basis) else { return answer.row.miss() }
        lens.extend(&answer.row, layer: layer, head: head, parts: answer.parts)
    }
}

/// A row, and the parts that it is about.
struct PartsRowAnswer: Sendable {
    var row: PartsRow
    let parts: [Range<Int>]
}
