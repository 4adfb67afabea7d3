import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// The page LSH of the Mask panel: how hashing comes to the cursor's keys.
struct LSHPart {
    private let method: String?
    private let question: LSHQuestion?
    private let map: LSHMapQuestion?
    private let keys: Document?

    /// Cells of a side of the small map.
    private static let side = 64

    init(_ state: AppState) {
        let method = state.hashing
        self.method = method?.spec
        question = method == nil ? nil : state.sight.place.map { LSHQuestion(place: $0) }
        map =
            method == nil
            ? nil
            : state.lens.map {
                LSHMapQuestion(
                    basis: Basis($0), stage: RecordingStage($0.recording), layer: state.head.layer,
                    head: state.head.head, side: Self.side)
            }
        keys = state.keyDocument
    }

    /// The spec of what hashes; nil where nothing does.
    var spec: String? { method }

    /// What is known by now.
    func view(_ look: Look, asking answers: inout Answers) -> LSHView {
        LSHView(
            method: method, reading: question.flatMap { answers.answer(whenKnown: $0) } ?? nil,
            map: map.flatMap { answers.answer(whenKnown: $0) } ?? nil,
            name: { [keys] in keys?.shortName(ofToken: $0) ?? "" }, look: look)
    }
}

extension AppState {
    /// What hashes in the layer that is looked at: the scenario's method or the layer's own; nil where nothing does.
    var hashing: LSHAttention? {
        if let own = scenario.stateSelection { return own as? LSHAttention }
        guard let lens, lens.setup.layerTraits.indices.contains(head.layer) else { return nil }
        return lens.setup.stateSelection(head.layer) as? LSHAttention
    }
}
