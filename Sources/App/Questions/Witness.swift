import RopewalkLens
import RopewalkModels

/// What questions are put to: the recordings and models of a state.
struct Witness: Sendable {
    /// The recording's answers for the cursor; nil before anything is read.
    let lens: Lens?
    /// What the model's own scenario left behind.
    let plain: Recording?
    let model: Model?
    let second: SecondModel?
    /// The second model's answers for the cursor; nil before it has read anything.
    let secondLens: Lens?

    /// The answers for the cursor of the model that is asked.
    func lens(_ basis: Basis) -> Lens? { basis.isSecond ? secondLens : lens }

    /// The model that is asked.
    func model(_ basis: Basis) -> Model? { basis.isSecond ? second?.tokenByToken : model }
}

extension AppState {
    var witness: Witness {
        Witness(
            lens: lens, plain: runs.kept.plain?[focus.kind], model: sources.model.value, second: second,
            secondLens: secondLens)
    }
}
