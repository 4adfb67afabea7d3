import RopewalkLens
import RopewalkModels
import RopewalkPhrases

/// How much more or less the cursor reads of each key than the original of the text does at the same place.
struct RowChangeQuestion: Question {
    let place: HeadQuery
    /// The original's run, and the cursor there.
    let run: UInt64
    let query: Int

    /// Nil where the original has not read the cursor, or another scenario is asked.
    init?(_ state: AppState) {
        guard let original = state.original, let place = state.sight.place, state.changeObstacle == nil,
            let recording = original.recordings?[state.focus.kind],
            let query = original.token(at: place.query, kind: state.focus.kind)
        else { return nil }
        (self.place, run, self.query) = (place, recording.run, query)
    }

    /// NaN for keys that the original does not have. [key]
    func answer(_ witness: Witness, _ answers: inout Answers) -> RowChange? {
        guard let original = witness.original, let kind = witness.lens?.recording.kind,
            let recording = original.recordings?[kind], let row = answers.answer(to: RowQuestion(place: place)),
            let before = Lens(recording: recording).row(layer: place.layer, head: place.head, query: query)
        else { return nil }
        let pairs = row.weights.enumerated().map { key, weight -> (before: Float, now: Float) in
            guard let old = original.place(of: key), before.weights.indices.contains(old) else {
                return (.nan, weight)
            }
            return (before.weights[old], weight)
        }
        return RowChange(pairs: pairs)
    }
}

/// Weights before and after a change of the text. [key]
struct RowChange: Sendable {
    /// NaN before for keys that the original does not have.
    let pairs: [(before: Float, now: Float)]

    var sizes: [Float] { pairs.map { abs($0.now - $0.before) } }
}

/// What each token cost before and after a change of the text, in nats.
struct LossChangeQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let run: UInt64
    let read: Int

    init?(_ state: AppState) {
        guard let lens = state.lens, lens.basis == .exact, state.changeObstacle == nil,
            let before = state.original?.recordings?.decoder
        else { return nil }
        (basis, stage, run, read) = (Basis(lens), RecordingStage(lens.recording), before.run, before.tokens)
    }

    /// From the second token on; NaN before where the original has no such token behind the same one. [token − 1]
    func answer(_ witness: Witness, _ answers: inout Answers) -> RowChange? {
        guard let lens = witness.lens(basis), let original = witness.original,
            let before = original.recordings?.decoder?.negativeLogLikelihood
        else { return nil }
        let now = lens.recording.negativeLogLikelihood
        return RowChange(
            pairs: now.enumerated().map { index, loss in
                guard let old = original.place(of: index + 1), old > 0, before.indices.contains(old - 1)
                else { return (.nan, loss) }
                return (before[old - 1], loss)
            })
    }
}

extension AppState {
    /// Why nothing is known of what a change of the text does; nil where it is.
    var changeObstacle: String? {
        guard original != nil else {
            return say(
                "nothing has been changed: \(keyName(of: .edit(.promptForWord))) changes the cursor's word beside the text"
            )
        }
        if original?.recordings == nil { return say("nothing is kept of what was read before") }
        return scenario == ownScenario
            ? nil : say("the original was read with the model's own methods, this text is not: y goes back to them")
    }
}
