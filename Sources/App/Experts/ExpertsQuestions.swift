import RopewalkLens
import RopewalkModels

/// How the tokens that are read are spread over the experts of a layer; nil where it has no router.
struct ExpertLoadsQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let layer: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> ExpertLoads? {
        witness.lens(basis)?.router(layer: layer).map { ExpertLoads($0) }
    }
}

/// What each layer computes for a token.
struct ComputedQuestion: Question {
    let basis: Basis
    let stage: RecordingStage
    let token: Int
    /// Of the model's layers.
    let work: [LayerWork]

    func answer(_ witness: Witness, _ answers: inout Answers) -> [ComputedLayer] {
        guard let lens = witness.lens(basis), lens.canPreview([token]) else { return [] }
        return lens.computed(for: token, work: work)
    }
}
