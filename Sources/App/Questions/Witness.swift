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

    /// The first model's answers for the cursor, or the second one's.
    func lens(ofSecond isSecond: Bool) -> Lens? { isSecond ? secondLens : lens }
}

extension AppState {
    var witness: Witness {
        Witness(
            lens: lens, plain: runs.kept.plain?[focus.kind], model: sources.model.value, second: second,
            secondLens: secondLens)
    }
}
