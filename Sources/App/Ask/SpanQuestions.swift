import RopewalkLens

/// What several queries read in one head: their mean.
struct SpanRowQuestion: LensQuestion {
    typealias Answer = SpanRow

    let basis: Basis
    let layer: Int
    let head: Int
    let queries: TokenSpan

    func begin(_ answers: inout Answers) -> SpanRow { SpanRow(queries) }

    func extend(_ answer: inout SpanRow, by lens: Lens) { lens.extend(&answer, layer: layer, head: head) }
}

/// What keys add to the output under that mean, as far as it is worked out. [key]
struct SpanValuesQuestion: Question {
    let row: SpanRowQuestion
    /// Queries that count.
    let done: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> [Float] {
        witness.lens(row.basis)?.valueShares(of: answers.answer(to: row), layer: row.layer, head: row.head) ?? []
    }
}

/// What all queries give several keys together in one head; missing in a preview.
struct SpanColumnQuestion: LensQuestion {
    typealias Answer = SpanColumn

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int
    let keys: TokenSpan

    func begin(_ answers: inout Answers) -> SpanColumn { SpanColumn(keys) }

    func extend(_ answer: inout SpanColumn, by lens: Lens) { lens.extend(&answer, layer: layer, head: head) }
}

/// What all heads give several keys from several queries; nil where one of them is not read, or no query sees a key.
struct SpanSharesQuestion: DeepeningQuestion {
    let basis: Basis
    let queries: TokenSpan
    let keys: TokenSpan
    let withValues: Bool

    func answer(_ witness: Witness, _ answers: inout Answers) -> SpanShares? {
        witness.lens(basis)?.spanShares(queries: queries, keys: keys, withValues: withValues)
    }

    func isComplete(_ answer: SpanShares?) -> Bool { answer?.isComplete ?? true }

    func deepen(_ answer: inout SpanShares?, _ witness: Witness) {
        guard var shares = answer, let lens = witness.lens(basis) else { return answer = nil }
        lens.extend(&shares)
        answer = shares
    }
}
