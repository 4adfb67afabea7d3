import RopewalkLens
import RopewalkModels

/// How far all heads have moved from the model's own run: in the second model, or under the scenario.
struct HeadGridQuestion: DeepeningQuestion {
    /// Queries that are looked at.
    static let queries = 32

    let base: Basis
    let baseStage: RecordingStage
    let changed: Basis
    let changedStage: RecordingStage

    /// Nil where there is nothing to compare.
    init?(_ state: AppState) {
        guard let plain = state.runs.kept.plain?[state.focus.kind], let other = state.comparedLens else { return nil }
        (base, baseStage) = (Basis(Lens(plain)), RecordingStage(plain))
        changed = Basis(other.lens, ofSecond: other.isSecond)
        changedStage = RecordingStage(other.lens.recording)
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> HeadGridWalk? {
        guard let plain = witness.plain, let model = witness.model, let other = witness.lens(changed),
            let otherModel = witness.model(changed)
        else { return nil }
        return HeadGridWalk(
            HeadGrid.Side(model: model, recording: plain), HeadGrid.Side(model: otherModel, lens: other),
            queries: Self.queries)
    }

    func isComplete(_ answer: HeadGridWalk?) -> Bool { answer?.grid.isComplete ?? true }
    func deepen(_ answer: inout HeadGridWalk?, _ witness: Witness) { answer?.next() }
}

extension AppState {
    /// What the model's own run is compared with: the second model where there is one, else the scenario; nil where there is
    /// neither.
    var comparedLens: (lens: Lens, isSecond: Bool)? {
        if second?.tokenByToken != nil { return secondLens.map { ($0, true) } }
        guard let lens, lens.scenario != ownScenario else { return nil }
        return (lens, false)
    }
}
