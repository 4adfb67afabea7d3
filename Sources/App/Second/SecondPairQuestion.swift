import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// What the second model makes of a pair.
struct SecondPairQuestion: Question {
    /// Its recording and the cursor there.
    struct Source: Hashable, Sendable {
        let run: UInt64
        let layer: Int
        let head: Int
        let query: Int

        /// Nil where it has not read the cursor, or has no such head.
        init?(_ state: AppState) {
            guard state.second?.model.value != nil, let recording = state.second?.recording,
                state.focus.layer < recording.shape.layers, state.focus.head < recording.shape.heads,
                state.focus.cursor < recording.tokens
            else { return nil }
            run = recording.run
            layer = state.focus.layer
            head = state.focus.head
            query = state.focus.cursor
        }
    }

    let source: Source
    let key: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> RotationView.Beside? {
        guard let model = witness.second?.model.value, let recording = witness.second?.recording else { return nil }
        return Lens(recording: recording)
            .pair(layer: source.layer, head: source.head, query: source.query, key: key)
            .map {
                RotationView.Beside(
                    name: model.name, pair: $0,
                    trained: model.outline.rotation(
                        layer: source.layer, kind: recording.kind, scenario: recording.scenario,
                        tokens: recording.ids.count
                    )?.trained ?? TrainedRange(inverseFrequencies: [], window: recording.shape.trainedWindow))
            }
    }
}
