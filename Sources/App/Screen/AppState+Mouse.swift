import RopewalkCellGrid
import RopewalkLens
import RopewalkViews

extension AppState {
    /// A mouse event does what a key would do at the place that it points to.
    mutating func use(_ mouse: Mouse) -> [Effect] {
        notice = nil
        if let overlay { return use(mouse, on: overlay) }
        if mouse.action == .press, let kind = HeaderLine(state: self).kind(atX: mouse.x, y: mouse.y) {
            show(kind)
            return []
        }
        guard let panel = layout.panel(atX: mouse.x, y: mouse.y), let rect = layout.panels[panel] else { return [] }
        switch mouse.action {
        case .wheelUp, .wheelDown: wheel(mouse.action == .wheelDown ? 1 : -1, on: panel)
        case .press, .doublePress, .secondaryPress:
            let isAnchor = mouse.action == .secondaryPress
            click(mouse, on: panel, in: rect, setsAnchor: isAnchor)
            if panels.focused != panel {
                panels.focus(panel)
                if layout.panels[.text] != nil { revealCursor() }
            }
        }
        return []
    }

    private mutating func wheel(_ direction: Int, on panel: Panel) {
        switch panel {
        case .text: scrollText(3 * direction)
        case .map: changeMap(.zoomMap(-direction))
        case .rotation: select(.scrollRotation(direction))
        case .mask: select(.selectLoss(direction))
        case .heads: look(.head(direction))
        case .loss, .distance: break
        }
    }

    private mutating func click(_ mouse: Mouse, on panel: Panel, in rect: Rect, setsAnchor: Bool) {
        switch panel {
        case .text: clickText(mouse, in: rect, setsAnchor: setsAnchor)
        case .map: clickMap(mouse, in: rect)
        case .heads: clickHeads(mouse, in: rect)
        case .mask: clickMask(mouse, in: rect)
        case .rotation, .loss, .distance: break
        }
    }

    private mutating func clickText(_ mouse: Mouse, in rect: Rect, setsAnchor: Bool) {
        let view = PanelDrawing(state: self, scene: Scene()).textView
        guard let queries = queryDocument, let keys = keyDocument, tokenCount > 0,
            let byte = view?.byte(atX: mouse.x, y: mouse.y, in: textContent(of: rect))
        else { return }
        let token = min(queries.nearestToken(toByte: byte), tokenCount - 1)
        if setsAnchor || token == focus.cursor {
            focus.anchor = .token(min(keys.nearestToken(toByte: byte), tokenCount - 1))
        } else {
            moveCursor(to: token)
        }
    }

    private mutating func clickMap(_ mouse: Mouse, in rect: Rect) {
        let cell = MapView.cell(atX: mouse.x, y: mouse.y, in: rect.inset(), request: mapRequest, depth: depth)
        guard tokenCount > 0, let cell else { return }
        moveCursor(to: cell.query.lowerBound)
        focus.anchor = .token(min(max(0, cell.key.lowerBound), tokenCount - 1))
    }

    private mutating func clickHeads(_ mouse: Mouse, in rect: Rect) {
        guard let shape else { return }
        let selected = heads.selected ?? HeadIndex(layer: focus.layer, head: focus.head)
        let place = HeadsView.head(
            atX: mouse.x, y: mouse.y, in: rect.inset(), layers: shape.layers, heads: shape.heads,
            selected: HeadsView.Place(layer: selected.layer, head: selected.head))
        if let place { choose(layer: place.layer, head: place.head) }
    }

    private mutating func clickMask(_ mouse: Mouse, in rect: Rect) {
        if clickMaskPage(mouse, in: rect.inset()) { return }
        var scene = Scene()
        scene.maskRow = lens?.maskRow(layer: focus.layer, head: focus.head, query: focus.cursor)
        scene.survey = lens?.maskSurvey(layer: focus.layer, head: focus.head, limit: Scene.worstQueries)
        let view = PanelDrawing(state: self, scene: scene).maskView
        guard
            let loss = view.worstQuery(
                atX: mouse.x, y: mouse.y, in: MaskTabs.content(of: rect.inset(), page: masks.page))
        else { return }
        masks.worstQuery = loss
        select(.goToLoss)
    }

    /// The wheel moves through an open menu or the help; a click chooses an entry, or closes what it misses.
    private mutating func use(_ mouse: Mouse, on overlay: Overlay) -> [Effect] {
        let direction = mouse.action == .wheelDown ? 1 : -1
        let isWheel = mouse.action == .wheelUp || mouse.action == .wheelDown
        switch overlay {
        case .prompt: return []
        case .help: return perform(isWheel ? .scrollHelp(3 * direction) : .close)
        case .menu(var menu):
            if isWheel {
                menu.move(direction)
            } else if let entry = MenuOverlay(menu: menu, place: menuPlace).entry(atX: mouse.x, y: mouse.y) {
                menu.select(entry)
                if menu.selected == entry { menu.choose() }
            } else if !MenuOverlay(menu: menu, place: menuPlace).rect.contains(x: mouse.x, y: mouse.y) {
                return choose(.escape, in: menu)
            }
            apply(menu)
            return []
        }
    }
}
