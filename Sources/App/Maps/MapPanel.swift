import RopewalkCellGrid
import RopewalkLens
import RopewalkViews

/// The map of attention of one head.
struct MapPanel: PanelContent {
    private let lens: Lens?
    private let request: MapRequest
    private let depth: ColourDepth
    private let overlay: OverlayQuestion?
    private let focus: Focus
    private let sight: Sight
    private let appearance: Appearance
    private let tokenCount: Int

    init(_ state: AppState) {
        lens = state.lens
        request = state.mapRequest
        depth = state.depth
        overlay = state.overlayQuestion
        focus = state.focus
        sight = state.sight
        appearance = state.appearance
        tokenCount = state.tokenCount
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        guard tokenCount > 0 else { return nil }
        let image = lens.flatMap { answers.answer(to: MapQuestion(request, of: $0)) }
        let scale = image.map { Scale(kind: appearance.scale, image: $0, leavingOutFirst: appearance.sinksLeftOut) }
        let view = MapView(
            image: image, request: request, scale: scale ?? appearance.scale(of: sight.row(&answers)),
            cursor: focus.cursor, anchor: sight.key(&answers),
            overlay: overlay.flatMap { answers.answer(whenKnown: $0) } ?? nil, recorded: lens?.recording.tokens ?? 0,
            tokens: tokenCount,
            axes: focus.kind == .cross ? MapView.Axes(queries: "decoder", keys: "encoder") : .own, look: look)
        return PanelPicture(facts: "L\(focus.layer) H\(focus.head) · \(view.facts)", footer: view.footer) {
            view.draw(in: $0, on: &$1)
        }
    }

    /// A press takes the first query and key of a cell.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.map(.zoom(-wheel))] }
        let cell = MapView.cell(atX: mouse.x, y: mouse.y, in: inner, request: request, depth: depth)
        guard tokenCount > 0, let cell else { return [] }
        func token(_ tokens: Range<Int>) -> Int { min(max(0, tokens.lowerBound), tokenCount - 1) }
        return [.move(.toToken(token(cell.query))), .focus(.anchor(token(cell.key)))]
    }
}

extension AppState {
    /// What the map shows of masks; nil where it shows nothing.
    fileprivate var overlayQuestion: OverlayQuestion? {
        guard let lens, tokenCount > 0, masks.mapLayer != .none else { return nil }
        return OverlayQuestion(
            basis: Basis(lens), request: mapRequest,
            other: masks.mapLayer == .difference ? masks.comparison : nil, tokens: lens.setup.keys)
    }
}
