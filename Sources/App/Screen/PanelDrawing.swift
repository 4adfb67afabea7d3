import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// Makes each panel's view from the state and the answers of the scene, and draws it in its box.
struct PanelDrawing {
    let state: AppState
    let scene: Scene
    let look: Look

    init(state: AppState, scene: Scene) {
        self.state = state
        self.scene = scene
        look = scene.look ?? Look(depth: state.depth, map: state.appearance.colourMap)
    }

    func draw(_ panel: Panel, in rect: Rect, on grid: inout Grid) {
        let inner = rect.inset()
        if let text = captions.empty(panel) {
            box(panel, in: rect, on: &grid)
            return drawEmpty(text, in: inner, on: &grid)
        }
        switch panel {
        case .text:
            guard let view = textView else { return }
            let facts = state.sources.model.value == nil ? "" : "\(captions.head) · \(view.facts)"
            let footers = captions.prediction.map { view.footer + " · " + $0 }
            let footer = footers.first { CellWidth.of($0) <= rect.width - 6 } ?? view.footer(width: rect.width - 6)
            box(panel, in: rect, facts: facts, footer: footer, on: &grid)
            view.draw(in: state.textContent(of: rect), on: &grid)
            decoderLine?.draw(in: Rect(x: inner.x, y: inner.y, width: inner.width, height: 1), on: &grid)
        case .map:
            guard let view = mapView else { return }
            box(panel, in: rect, facts: "\(captions.head) · \(view.facts)", footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        case .rotation:
            if let view = unrotatedView {
                box(panel, in: rect, facts: view.facts, footer: view.footer, on: &grid)
                return view.draw(in: inner, on: &grid)
            }
            drawRotation(in: rect, inner, on: &grid)
        case .loss:
            let view = lossView
            box(panel, in: rect, facts: view.facts, footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        case .distance: drawDistance(in: rect, inner, on: &grid)
        case .mask:
            box(panel, in: rect, facts: maskView.facts, footer: maskView.footer, on: &grid)
            drawMask(in: inner, on: &grid)
        case .heads:
            guard let view = headsView else { return }
            box(panel, in: rect, facts: view.facts, footer: view.footer, on: &grid)
            view.draw(in: inner, on: &grid)
        }
    }

    var captions: PanelCaptions { PanelCaptions(state: state, scene: scene) }

    func box(_ panel: Panel, in rect: Rect, facts: String = "", footer: String = "", on grid: inout Grid) {
        let isFocused = panel == state.panels.focused
        let theme = look.theme
        grid.box(
            rect, style: isFocused ? theme.focusedBorder : theme.border, title: state.title(of: panel),
            titleRight: facts.isEmpty ? nil : facts, footer: footer.isEmpty ? nil : footer,
            titleStyle: isFocused ? theme.focusedBorder : theme.title, focused: isFocused)
    }

    var textView: TextView? {
        guard let text = state.sources.text.value, let layout = state.textLayout else { return nil }
        let rows = layout.rows(from: state.window.top, count: state.textRows)
        let range = (rows.first?.bytes.lowerBound ?? 0)..<(rows.last?.bytes.upperBound ?? 0)
        let rule = boundary(in: range)
        return TextView(
            text: text, document: state.paintedDocument, layout: layout, top: state.window.top, row: scene.row,
            scale: rowScale, cursor: state.tokenCount > 0 ? state.focus.cursor : nil, anchor: scene.anchor,
            visible: state.isDense ? nil : scene.maskRow?.visible, windowEnd: rule?.token,
            windowLabel: rule?.label ?? "", hint: captions.hint, hits: state.hits(in: range),
            direction: state.direction,
            queries: state.queryDocument, experts: state.expertMarks(in: range), look: look)
    }

    /// The rule across the text: where the trained window ends, or where the tokens end that are read.
    private func boundary(in rows: Range<Int>) -> (token: Int, label: String)? {
        if let byte = state.firstUnreadByte, rows.contains(byte) {
            let count = state.tokenCount
            return (count, "token \(count.grouped): not read from here on")
        }
        let model = state.sources.model.value?.name ?? "the model"
        return state.windowEnd.map {
            ($0, "token \($0.grouped): end of the window that \(model) was trained on")
        }
    }

    var mapView: MapView? {
        guard state.tokenCount > 0 else { return nil }
        let request = state.mapRequest
        let image = scene.map.flatMap { $0.request == request ? $0 : nil }
        let (kind, sinks) = (state.appearance.scale, state.appearance.sinksLeftOut)
        let scale = image.map { Scale(kind: kind, image: $0, leavingOutFirst: sinks) } ?? rowScale
        return MapView(
            image: image, request: request, scale: scale, cursor: state.focus.cursor, anchor: scene.anchor,
            overlay: scene.overlay, recorded: state.lens?.recording.tokens ?? 0, tokens: state.tokenCount,
            axes: state.focus.kind == .cross ? MapView.Axes(queries: "decoder", keys: "encoder") : .own, look: look)
    }

    /// The decoder's tokens, where the text shows what they read of the encoder's.
    private var decoderLine: DecoderLine? {
        guard state.focus.kind == .cross, state.tokenCount > 0 else { return nil }
        return state.queryDocument.map { DecoderLine(document: $0, cursor: state.focus.cursor, look: look) }
    }

    private var unrotatedView: UnrotatedView? {
        guard state.rotaryLayer == nil, let content = scene.positions ?? state.positionContent else { return nil }
        return UnrotatedView(
            content: content, head: state.focus.head, cursor: state.tokenCount > 0 ? state.focus.cursor : nil,
            anchor: scene.anchor, keys: state.focus.kind == .decoder ? state.focus.cursor + 1 : state.tokenCount,
            pair: scene.pair,
            first: state.positions.firstLine, look: look)
    }

    var maskView: MaskView {
        MaskView(
            row: scene.maskRow, survey: scene.survey, reason: scene.reason,
            cursor: state.tokenCount > 0 ? state.focus.cursor : nil, anchor: scene.anchor, scenario: state.scenario,
            selectedQuery: state.masks.worstQuery, direction: state.direction, ownWindows: state.ownWindows.map(\.spec),
            waiting: state.unpreviewed, look: look)
    }

    var maskPageView: MaskPageView {
        MaskPageView(
            page: state.masks.page, study: state.maskStudy, advice: state.maskAdvice, selected: state.masks.selected,
            look: look)
    }

    private func drawMask(in inner: Rect, on grid: inout Grid) {
        let content = MaskTabs.content(of: inner, page: state.masks.page)
        if content.y > inner.y { MaskTabs(page: state.masks.page, look: look).draw(in: inner, on: &grid) }
        if state.masks.page == .row {
            maskView.draw(in: content, on: &grid)
        } else {
            maskPageView.draw(in: content, on: &grid)
        }
    }

    var headsView: HeadsView? {
        guard let shape = state.shape else { return nil }
        let selected = state.heads.selected.map { HeadsView.Place(layer: $0.layer, head: $0.head) }
        return HeadsView(
            scores: scene.scores, circuits: state.focus.kind == state.kinds.first ? state.runs.circuits : [],
            thumbnails: scene.thumbnails, layers: shape.layers,
            heads: shape.heads, shown: HeadsView.Place(layer: state.focus.layer, head: state.focus.head),
            selected: selected,
            measuresCircuits: state.focus.kind == state.kinds.first,
            sort: state.heads.sort, look: look)
    }

    private var rowScale: Scale {
        Scale(
            kind: state.appearance.scale, weights: scene.row?.weights ?? [],
            leavingOutFirst: state.appearance.sinksLeftOut)
    }

    func drawEmpty(_ text: String, in rect: Rect, on grid: inout Grid) {
        let lines = WrappedText.lines(text, width: max(1, rect.width - 2)).prefix(rect.height)
        for (row, line) in lines.enumerated() {
            grid.writeTruncated(
                line, x: rect.x + 1, y: rect.y + row, width: rect.width - 2, style: look.theme.dim, in: rect)
        }
    }
}

extension AppState {
    /// The first token past the trained window; nil where the text ends before it.
    var windowEnd: Int? {
        guard let window = sources.model.value?.shape.trainedWindow, window < tokenCount else { return nil }
        return window
    }

}
