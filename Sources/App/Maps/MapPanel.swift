import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// The map of attention of one head, and beside it that of a second model.
struct MapPanel: PanelContent {
    let first: MapSide
    let second: MapSide?
    private let depth: ColourDepth
    let focus: Focus
    let sight: Sight
    private let appearance: Appearance
    private let tokenCount: Int
    private let growth: MapGrowth?
    private let queries: Document?
    private let keys: Document?
    /// What a figure says: of which head it is, and the words of its tokens.
    let facts: [String]
    let names: MapWords
    /// Nil where cells are tokens.
    let parts: MapParts?
    /// What the scenario's kernel makes of the cursor's row; nil without one.
    private let kernelRow: KernelRowQuestion?

    init(_ state: AppState) {
        first = MapSide(state)
        second = MapSide(second: state)
        depth = state.depth
        focus = state.focus
        sight = state.sight
        appearance = state.appearance
        tokenCount = state.tokenCount
        growth = state.mapGrowth
        queries = state.queryDocument
        keys = state.keyDocument
        facts = state.headFacts
        names = MapWords(state)
        kernelRow = state.kernelRow
        parts = MapParts(state)
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        guard tokenCount > 0 else { return nil }
        if let parts { return parts.picture(in: inner, key: sight.key(&answers), look: look, asking: &answers) }
        let image = first.image(&answers)
        guard let second else {
            let view = view(first, image, scale: scale([image].compactMap { $0 }, &answers), look, &answers)
            let facts = kernelFacts(view.facts, width: inner.width, &answers)
            return PanelPicture(facts: first.facts(facts, in: inner), footer: view.footer(width: inner.width - 4)) {
                view.draw(in: $0, on: &$1)
            }
        }
        let other = second.image(&answers)
        // One scale for both: the same colour is the same weight.
        let scale = scale([image, other].compactMap { $0 }, &answers)
        let split = PanelSplit(inner.inset(by: -1))
        let view = view(first, image, scale: scale, look, &answers)
        let otherView = self.view(second, other, scale: scale, look, &answers)
        let border = second.border(otherView.facts, in: split.inners.second)
        let beside = PanelPicture.Beside(
            title: border.title, facts: border.facts, footer: otherView.footer(width: split.inners.second.width - 4)
        ) {
            otherView.draw(in: $0, on: &$1)
        }
        return PanelPicture(
            facts: first.facts(
                kernelFacts(view.facts, width: split.inners.first.width, &answers), in: split.inners.first),
            footer: view.footer(width: split.inners.first.width - 4), beside: beside
        ) { view.draw(in: $0, on: &$1) }
    }

    /// Before other facts, how far what is shown is from the model's own attention.
    private func kernelFacts(_ facts: String, width: Int, _ answers: inout Answers) -> String {
        guard let kernelRow else { return facts }
        let wordings = KernelView.facts(answers.answer(whenKnown: kernelRow) ?? nil)
        let chosen = wordings.first { CellWidth.of($0) <= width / 2 } ?? wordings.last ?? ""
        return "\(chosen) · \(facts)"
    }

    func scale(_ images: [MapImage], _ answers: inout Answers) -> Scale {
        images.isEmpty
            ? appearance.scale(of: sight.row(&answers))
            : Scale(kind: appearance.scale, images: images, leavingOutFirst: appearance.sinksLeftOut)
    }

    private func view(
        _ side: MapSide, _ image: MapImage?, scale: Scale, _ look: Look, _ answers: inout Answers
    ) -> MapView {
        view(side, side.request, image, scale: scale, side.overlay, look, &answers)
    }

    /// The same for a page.
    func pageView(_ side: MapSide, _ image: MapImage?, scale: Scale, _ look: Look, _ answers: inout Answers) -> MapView
    {
        view(side, side.page, image, scale: scale, side.pageOverlay, look, &answers)
    }

    private func view(
        _ side: MapSide, _ request: MapRequest, _ image: MapImage?, scale: Scale, _ overlay: OverlayQuestion?,
        _ look: Look, _ answers: inout Answers
    ) -> MapView {
        MapView(
            image: image, request: request, scale: scale, cursor: focus.cursor, anchor: sight.key(&answers),
            overlay: overlay.flatMap { answers.answer(whenKnown: $0) } ?? nil,
            recorded: side.lens?.recording.tokens ?? 0, tokens: tokenCount,
            axes: focus.kind == .cross ? MapView.Axes(queries: say("decoder"), keys: say("encoder")) : .own,
            growth: growth,
            queryName: { [queries] in queries?.shortName(ofToken: $0) ?? "" },
            keyName: { [keys] in keys?.shortName(ofToken: $0) ?? "" }, look: look)
    }

    /// A press takes the first query and key of a cell.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let parts { return parts.actions(of: mouse, in: inner, key: sight.key(&answers), asking: &answers) }
        if let wheel = mouse.wheel { return [.map(.zoom(-wheel))] }
        guard let rect = content(atX: mouse.x, y: mouse.y, in: inner) else { return [] }
        let cell = MapView.cell(
            atX: mouse.x, y: mouse.y, in: rect, request: first.request, depth: depth, growth: growth)
        guard tokenCount > 0, let cell else { return [] }
        func token(_ tokens: Range<Int>) -> Int { min(max(0, tokens.lowerBound), tokenCount - 1) }
        return [.move(.toToken(token(cell.query))), .focus(.anchor(token(cell.key)))]
    }

    /// The content of the map at a place.
    private func content(atX x: Int, y: Int, in inner: Rect) -> Rect? {
        guard second != nil else { return inner }
        let inners = PanelSplit(inner.inset(by: -1)).inners
        return [inners.first, inners.second].first { $0.contains(x: x, y: y) }
    }
}
