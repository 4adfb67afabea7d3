import RopewalkCellGrid
import RopewalkDocuments
import RopewalkViews

extension AppState {
    /// A mouse event asks for what a key would do at the place that it points to.
    mutating func use(_ mouse: Mouse) -> [Effect] {
        notice = nil
        if let overlay { return actions(of: mouse, on: overlay).flatMap { perform($0) } }
        if mouse.action == .press, let kind = HeaderLine(state: self).kind(atX: mouse.x, y: mouse.y) {
            return perform(.focus(.kind(.one(kind))))
        }
        guard let panel = layout.panel(atX: mouse.x, y: mouse.y), let rect = layout.panels[panel] else { return [] }
        switch mouse.action {
        case .wheelUp, .wheelDown:
            return wheel(mouse.action == .wheelDown ? 1 : -1, on: panel).map { perform($0) } ?? []
        case .press, .doublePress, .secondaryPress:
            let effects = clicks(mouse, on: panel, in: rect).flatMap { perform($0) }
            return effects + (panels.focused == panel ? [] : giveKeys(to: panel))
        }
    }

    /// The text stays as it is where it is hidden.
    private mutating func giveKeys(to panel: Panel) -> [Effect] {
        panels.focus(panel)
        if layout.panels[.text] != nil { revealCursor() }
        return []
    }

    private func wheel(_ direction: Int, on panel: Panel) -> Action? {
        switch panel {
        case .text: .move(.scroll(3 * direction))
        case .map: .map(.zoom(-direction))
        case .rotation: .positions(.scroll(direction))
        case .mask: .masks(.select(direction))
        case .heads: .focus(.head(direction))
        case .loss, .distance: nil
        }
    }

    private func clicks(_ mouse: Mouse, on panel: Panel, in rect: Rect) -> [Action] {
        switch panel {
        case .text: clicksOnText(mouse, in: rect)
        case .map: clicksOnMap(mouse, in: rect)
        case .heads: clicksOnHeads(mouse, in: rect)
        case .mask: clicksOnMask(mouse, in: rect)
        case .rotation, .loss, .distance: []
        }
    }

    private func clicksOnText(_ mouse: Mouse, in rect: Rect) -> [Action] {
        let view = PanelDrawing(state: self, scene: Scene()).textView
        guard let queries = queryDocument, let keys = keyDocument, tokenCount > 0,
            let byte = view?.byte(atX: mouse.x, y: mouse.y, in: textContent(of: rect))
        else { return [] }
        let token = min(queries.nearestToken(toByte: byte), tokenCount - 1)
        if mouse.action == .secondaryPress || token == focus.cursor {
            return [.focus(.anchor(min(keys.nearestToken(toByte: byte), tokenCount - 1)))]
        }
        return [.move(.toToken(token))]
    }

    private func clicksOnMap(_ mouse: Mouse, in rect: Rect) -> [Action] {
        let cell = MapView.cell(atX: mouse.x, y: mouse.y, in: rect.inset(), request: mapRequest, depth: depth)
        guard tokenCount > 0, let cell else { return [] }
        func token(_ tokens: Range<Int>) -> Int { min(max(0, tokens.lowerBound), tokenCount - 1) }
        return [.move(.toToken(token(cell.query))), .focus(.anchor(token(cell.key)))]
    }

    private func clicksOnHeads(_ mouse: Mouse, in rect: Rect) -> [Action] {
        guard let shape else { return [] }
        let place = HeadsView.head(
            atX: mouse.x, y: mouse.y, in: rect.inset(), layers: shape.layers, heads: shape.heads,
            selected: HeadsView.Place(layer: selectedHead.layer, head: selectedHead.head))
        return place.map { [.focus(.take(HeadIndex(layer: $0.layer, head: $0.head)))] } ?? []
    }

    /// Tabs choose a page, lines are gone to.
    private func clicksOnMask(_ mouse: Mouse, in rect: Rect) -> [Action] {
        let inner = rect.inset()
        let content = MaskTabs.content(of: inner, page: masks.page)
        if content.y > inner.y, mouse.y == inner.y {
            return MaskTabs.page(atX: mouse.x, in: inner).map { [.masks(.page($0))] } ?? []
        }
        return maskLine(mouse, in: content).map { [.masks(.pick($0))] } ?? []
    }

    private func maskLine(_ mouse: Mouse, in content: Rect) -> Int? {
        guard masks.page == .row else {
            return PanelDrawing(state: self, scene: Scene()).maskPageView.place(atY: mouse.y, in: content)
        }
        var scene = Scene()
        scene.maskRow = lens?.maskRow(layer: focus.layer, head: focus.head, query: focus.cursor)
        scene.survey = lens?.maskSurvey(layer: focus.layer, head: focus.head, limit: Scene.worstQueries)
        return PanelDrawing(state: self, scene: scene).maskView.worstQuery(atX: mouse.x, y: mouse.y, in: content)
    }

    /// The wheel moves through an open menu or the help; a click chooses an entry, or closes what it misses.
    private func actions(of mouse: Mouse, on overlay: Overlay) -> [Action] {
        let direction = mouse.action == .wheelDown ? 1 : -1
        let isWheel = mouse.action == .wheelUp || mouse.action == .wheelDown
        switch overlay {
        case .prompt: return []
        case .help: return [.program(isWheel ? .scrollHelp(3 * direction) : .close)]
        case .menu(let menu):
            if isWheel { return [.menu(.entry(direction))] }
            let box = MenuOverlay(menu: menu, place: menuPlace)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) { return [.menu(.pick(entry))] }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        }
    }
}
