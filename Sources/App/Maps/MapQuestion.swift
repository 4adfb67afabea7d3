import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// A window of the map of attention.
struct MapQuestion: Question {
    let basis: Basis
    let request: MapRequest
    /// Recorded tokens, as far as the window reaches.
    let tokens: Int

    init(_ request: MapRequest, of lens: Lens, isSecond: Bool = false) {
        basis = Basis(lens, ofSecond: isSecond)
        self.request = request
        tokens = min(lens.recording.tokens, request.firstQuery + request.rows * request.cell)
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> MapImage? {
        witness.lens(basis)?.map(request)
    }
}

/// What is laid over the map.
struct OverlayQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let request: MapRequest
    /// The scenario whose mask is compared; nil to show what the own mask hides.
    let other: Scenario?
    let tokens: Int

    /// Nil where the map shows nothing of masks.
    init?(_ state: AppState, _ lens: Lens?, _ request: MapRequest, isSecond: Bool) {
        guard let lens, state.tokenCount > 0, state.masks.mapLayer != .none else { return nil }
        basis = Basis(lens, ofSecond: isSecond)
        self.request = request
        other = state.masks.mapLayer == .difference ? state.masks.comparison : nil
        tokens = lens.setup.keys
    }

    /// Nil where there is no mask, as of a file that is too small.
    func answer(_ witness: Witness, _ answers: inout Answers) -> MapOverlay? {
        guard let setup = witness.lens(basis)?.setup, setup.kind != .cross,
            let mask = try? setup.mask(layer: request.layer, head: request.head)
        else { return nil }
        guard let other else { return .hides(MapShares(of: mask, request: request)) }
        guard let second = try? setup.mask(layer: request.layer, head: request.head, scenario: other),
            let difference = try? MaskDifference(mask, second)
        else { return nil }
        return .differs(
            MapShares(of: difference, request: request), first: MapShares(of: mask, request: request))
    }
}
