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

/// Some rows of a map whose weights are all computed: a frame has no time for the whole of it.
struct MapBandQuestion: Question {
    static var isSlow: Bool { true }

    let map: MapQuestion

    func answer(_ witness: Witness, _ answers: inout Answers) -> MapImage? { map.answer(witness, &answers) }

    /// Weights that a frame has time for, and those of a band.
    private static let mostAtOnce = 4_000_000
    private static let mostInBand = 2_000_000

    /// The rows of a map in bands; nil where a frame has time for all of them.
    static func bands(_ request: MapRequest, of lens: Lens) -> [MapRequest]? {
        guard lens.basis == .exact, !lens.isPooled(request), request.rows > 0 else { return nil }
        let costs = (0..<request.rows).map { weights(inRow: $0, of: request, lens) }
        guard costs.reduce(0, +) > mostAtOnce else { return nil }
        var bands: [MapRequest] = []
        var sum = 0
        for (row, cost) in costs.enumerated() {
            if bands.isEmpty || sum + cost > mostInBand {
                var band = request
                (band.firstQuery, band.rows) = (request.firstQuery + row * request.cell, 0)
                bands.append(band)
                sum = 0
            }
            bands[bands.count - 1].rows += 1
            sum += cost
        }
        return bands
    }

    /// At most: windows hide some.
    private static func weights(inRow row: Int, of request: MapRequest, _ lens: Lens) -> Int {
        let first = request.firstQuery + row * request.cell
        let queries = (first..<first + request.cell).clamped(to: 0..<lens.recording.tokens)
        guard let last = queries.last else { return 0 }
        let end = min(lens.recording.keyEnd(after: last), request.firstKey + request.columns * request.cell)
        return queries.count * max(0, end - max(0, request.firstKey))
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
