import RopewalkLens

/// What the model lost on the token after the cursor, in nats; nil in a preview, which no run has measured.
struct TokenCostQuestion: Question, Codable {
    let place: HeadQuery

    func answer(_ witness: Witness, _ answers: inout Answers) -> Float? {
        guard let lens = witness.lens(place.basis), lens.basis == .exact,
            let (chunk, row) = lens.recording.place(of: place.query)
        else { return nil }
        return chunk.negativeLogLikelihood[row]
    }
}

/// What an encoder's language head reads at the cursor: a product with the whole vocabulary.
struct PredictionQuestion: Question, Codable {
    static var isSlow: Bool { true }

    let basis: Basis
    let query: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> Prediction? {
        guard let lens = witness.lens(basis) else { return nil }
        return witness.model(basis)?.prediction(after: query, in: lens.recording, count: 1)
    }
}
