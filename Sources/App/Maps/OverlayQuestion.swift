import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// What decides the overlay of the map.
struct OverlayQuestion: Equatable, Sendable {
    let basis: String
    let request: MapRequest
    /// The scenario whose mask is compared; nil to show what the own mask hides.
    let other: Scenario?
    let tokens: Int

    /// Nil where there is no mask, as of a file that is too small.
    func overlay(_ lens: Lens) -> MapOverlay? {
        guard lens.setup.kind != .cross,
            let mask = try? lens.setup.mask(layer: request.layer, head: request.head)
        else { return nil }
        guard let other else { return .hides(MapShares(of: mask, request: request)) }
        guard let second = try? lens.setup.mask(layer: request.layer, head: request.head, scenario: other),
            let difference = try? MaskDifference(mask, second)
        else { return nil }
        return .differs(MapShares(of: difference, request: request))
    }
}
