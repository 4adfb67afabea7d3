import RopewalkCellGrid

extension AppState {
    /// A mouse event asks for what a key would do at the place that it points to.
    mutating func use(_ mouse: Mouse) -> [Effect] {
        notice = nil
        if let overlay { return actions(of: mouse, on: overlay).flatMap { perform($0) } }
        if mouse.action == .press, let kind = HeaderLine(self).kind(atX: mouse.x, y: mouse.y) {
            return perform(.focus(.kind(.one(kind))))
        }
        return layout.panel(atX: mouse.x, y: mouse.y) == nil ? [] : [.find(.pointing(mouse))]
    }

    /// What an event on a panel asks for; a press gives it the keys too.
    func actions(of mouse: Mouse, asking answers: inout Answers) -> [Action] {
        guard let panel = layout.panel(atX: mouse.x, y: mouse.y), let rect = layout.panels[panel] else { return [] }
        let look = answers.answer(to: lookQuestion)
        let content = panel.traits.content.init(self)
        let actions = content.actions(of: mouse, in: rect.inset(), look: look, asking: &answers)
        return actions + (mouse.wheel == nil && panels.focused != panel ? [.panels(.focus(panel))] : [])
    }

    /// The wheel moves through an open menu or the help; a click chooses an entry, or closes what it misses.
    private func actions(of mouse: Mouse, on overlay: Overlay) -> [Action] {
        switch overlay {
        case .prompt, .pasted: return []
        case .models(let list):
            if let wheel = mouse.wheel { return [.models(.entry(wheel))] }
            let box = ModelListOverlay(list: list, size: size)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) { return [.models(.pick(entry))] }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        case .parts(let list):
            if let wheel = mouse.wheel { return [.reading(.entry(wheel))] }
            let box = list.box(size: size)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) {
                return [.reading(.pick(entry))] + (entry == list.selected ? [.reading(.take)] : [])
            }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        case .changes(let list):
            if let wheel = mouse.wheel { return [.edit(.changesEntry(wheel))] }
            let box = list.box(size: size)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) { return [.edit(.changesEntry(entry - box.selected))] }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        case .sessions(let choice):
            if let wheel = mouse.wheel { return [.session(.entry(wheel))] }
            let box = choice.box(size: size)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) {
                return [.session(.pick(entry))] + (box.selected == entry ? [.session(.take)] : [])
            }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        case .places(let list):
            if let wheel = mouse.wheel { return [.places(.entry(wheel))] }
            let box = PlaceListOverlay(list: list, size: size)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) {
                return [.places(.pick(entry))] + (entry == list.selected ? [.places(.take)] : [])
            }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        case .finder(let finder):
            if let wheel = mouse.wheel { return [.finder(.entry(wheel))] }
            let box = FinderBox(finder: finder, size: size)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) {
                return [.finder(.pick(entry))] + (entry == finder.selected ? [.finder(.take)] : [])
            }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        case .help: return [.program(mouse.wheel.map { .scrollHelp(3 * $0) } ?? .close)]
        case .menu(let menu):
            if let wheel = mouse.wheel { return [.menu(.entry(wheel))] }
            let box = MenuOverlay(menu: menu, place: menuPlace)
            if let entry = box.entry(atX: mouse.x, y: mouse.y) { return [.menu(.pick(entry))] }
            return box.rect.contains(x: mouse.x, y: mouse.y) ? [] : [.program(.close)]
        }
    }
}
