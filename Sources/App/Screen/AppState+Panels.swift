import RopewalkCellGrid
import RopewalkLens

extension AppState {
    /// Where everything stands now.
    package var layout: PanelLayout {
        PanelLayout(
            size: size, shown: panels.shown, focus: panels.focused, beside: panels.beside,
            zoomed: panels.isZoomed)
    }

    mutating func arrange(_ action: Action) {
        switch action {
        case .focus(let steps): moveFocus(steps)
        case .toggle(let panel): toggle(panel)
        case .zoomPanel: panels.isZoomed.toggle()
        case .nextPreset:
            panels.preset = panels.preset.next
            panels.shown = panels.preset.panels
            panels.focus(panels.preset.focused)
            panels.isZoomed = false
        default: break
        }
        revealCursor()
    }

    /// Goes through all panels that are wanted; on a small screen the focused one takes its place.
    private mutating func moveFocus(_ steps: Int) {
        let shown = Panel.allCases.filter(panels.shown.contains)
        guard !shown.isEmpty else { return }
        let index = shown.firstIndex(of: panels.focused) ?? 0
        let count = shown.count
        panels.focus(shown[(index + steps % count + count) % count])
    }

    /// Hides a panel that is on the screen; one that is not gets the focus, so that it is seen on small screens too.
    private mutating func toggle(_ panel: Panel) {
        let isVisible = layout.panels[panel] != nil
        if isVisible, panels.shown.count > 1 {
            panels.shown.remove(panel)
            if panels.focused == panel, let first = Panel.allCases.first(where: panels.shown.contains) {
                panels.focus(first)
            }
        } else if !isVisible {
            panels.shown.insert(panel)
            panels.focus(panel)
        }
        panels.isZoomed = false
    }

    mutating func select(_ action: Action) {
        switch action {
        case .sortHeads: heads.sort = (heads.sort + 1) % HeadScore.measures.count
        case .selectHead(let layers, let heads): moveSelectedHead(layers: layers, heads: heads)
        case .takeHead:
            let place = heads.selected ?? HeadIndex(layer: focus.layer, head: focus.head)
            choose(layer: place.layer, head: place.head)
        case .selectLoss(let steps) where selectOnMaskPage(steps): break
        case .goToLoss where goToMaskPlace(): break
        case .selectLoss(let steps): masks.worstQuery = min(max(0, masks.worstQuery + steps), Scene.worstQueries - 1)
        case .goToLoss: goToSelectedLoss()
        case .scrollRotation(let rows): scrollRotation(rows)
        default: break
        }
    }

    private mutating func moveSelectedHead(layers: Int, heads: Int) {
        guard let shape else { return }
        let place = self.heads.selected ?? HeadIndex(layer: focus.layer, head: focus.head)
        self.heads.selected = HeadIndex(
            layer: min(max(0, place.layer + layers), max(0, shape.layers - 1)),
            head: min(max(0, place.head + heads), max(0, shape.heads - 1)))
    }

    private mutating func goToSelectedLoss() {
        let survey = lens?.maskSurvey(layer: focus.layer, head: focus.head, limit: Scene.worstQueries)
        guard let worst = survey?.worst, !worst.isEmpty else { return }
        moveCursor(to: worst[min(masks.worstQuery, worst.count - 1)].query)
    }
}
