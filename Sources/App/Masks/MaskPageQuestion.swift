import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// What the mask of a head lets the queries of a window see, for a page.
struct MaskPageQuestion: Question {
    let basis: Basis
    let request: MapRequest

    /// Nil where nothing is read, and across texts, where there is no mask.
    init?(_ state: AppState) {
        guard let lens = state.lens, state.tokenCount > 0, lens.setup.kind != .cross else { return nil }
        basis = Basis(lens)
        request = state.page(state.mapRequest, of: lens)
    }

    /// Nil where there is no mask, as of a file that is too small.
    func answer(_ witness: Witness, _ answers: inout Answers) -> MapShares? {
        guard let setup = witness.lens(basis)?.setup,
            let mask = try? setup.mask(layer: request.layer, head: request.head)
        else { return nil }
        return MapShares(of: mask, request: request)
    }
}
