import RopewalkCellGrid
import RopewalkLens

extension AppState {
    /// Where everything stands now.
    package var layout: PanelLayout {
        PanelLayout(
            size: size, shown: arrangement.shown, focus: arrangement.focus, beside: arrangement.beside,
            zoomed: arrangement.isZoomed)
    }

    mutating func arrange(_ action: Action) {
        switch action {
        case .focus(let steps): moveFocus(steps)
        case .toggle(let panel): toggle(panel)
        case .zoomPanel: arrangement.isZoomed.toggle()
        case .nextPreset:
            arrangement.preset = arrangement.preset.next
            arrangement.shown = arrangement.preset.panels
            arrangement.setFocus(arrangement.preset.focus)
            arrangement.isZoomed = false
        default: break
        }
        revealCursor()
    }

    /// Goes through all panels that are wanted; on a small screen the focused one takes its place.
    private mutating func moveFocus(_ steps: Int) {
        let shown = Panel.allCases.filter(arrangement.shown.contains)
        guard !shown.isEmpty else { return }
        let index = shown.firstIndex(of: arrangement.focus) ?? 0
        let count = shown.count
        arrangement.setFocus(shown[(index + steps % count + count) % count])
    }

    /// Hides a panel that is on the screen; one that is not gets the focus, so that it is seen on small screens too.
    private mutating func toggle(_ panel: Panel) {
        let isVisible = layout.panels[panel] != nil
        if isVisible, arrangement.shown.count > 1 {
            arrangement.shown.remove(panel)
            if arrangement.focus == panel, let first = Panel.allCases.first(where: arrangement.shown.contains) {
                arrangement.setFocus(first)
            }
        } else if !isVisible {
            arrangement.shown.insert(panel)
            arrangement.setFocus(panel)
        }
        arrangement.isZoomed = false
    }

    mutating func select(_ action: Action) {
        switch action {
        case .sortHeads: lists.headSort = (lists.headSort + 1) % HeadScore.measures.count
        case .selectHead(let layers, let heads): moveSelectedHead(layers: layers, heads: heads)
        case .takeHead:
            let place = lists.head ?? HeadPlace(layer: layer, head: head)
            choose(layer: place.layer, head: place.head)
        case .selectLoss(let steps) where selectOnMaskPage(steps): break
        case .goToLoss where goToMaskPlace(): break
        case .selectLoss(let steps): lists.loss = min(max(0, lists.loss + steps), Scene.worstQueries - 1)
        case .goToLoss: goToSelectedLoss()
        case .scrollRotation(let rows): scrollRotation(rows)
        default: break
        }
    }

    private mutating func moveSelectedHead(layers: Int, heads: Int) {
        guard let shape else { return }
        let place = lists.head ?? HeadPlace(layer: layer, head: head)
        lists.head = HeadPlace(
            layer: min(max(0, place.layer + layers), max(0, shape.layers - 1)),
            head: min(max(0, place.head + heads), max(0, shape.heads - 1)))
    }

    private mutating func goToSelectedLoss() {
        let survey = lens?.maskSurvey(layer: layer, head: head, limit: Scene.worstQueries)
        guard let worst = survey?.worst, !worst.isEmpty else { return }
        moveCursor(to: worst[min(lists.loss, worst.count - 1)].query)
    }
}
