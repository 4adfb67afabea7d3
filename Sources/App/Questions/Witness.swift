import RopewalkDocuments
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
    /// The text before it was changed; nil where it was not.
    let original: Original?
    /// The answers of the text that is kept beside, and what they stand on; nil where there is one text.
    let kept: Lens?
    let keptBasis: Basis?
    /// The text that is read, as the queries' tokens.
    let document: Document?
    /// Another text that queries look into; nil for none.
    var memory: MemoryText?

    /// The answers for the cursor of the model that is asked.
    func lens(_ basis: Basis) -> Lens? {
        if let kept, basis == keptBasis { return kept }
        return basis.isSecond ? secondLens : lens
    }

    /// The model that is asked.
    func model(_ basis: Basis) -> Model? { basis.isSecond ? second?.tokenByToken : model }
}

extension AppState {
    var witness: Witness {
        let kept = pin?.lenses.lens(for: focus.cursor)
        return Witness(
            lens: lens, plain: runs.kept.plain?[focus.kind], model: sources.model.value, second: second,
            secondLens: secondLens, original: original, kept: kept, keptBasis: kept.map { Basis($0) },
            document: queryDocument, memory: memory.text)
    }
}
