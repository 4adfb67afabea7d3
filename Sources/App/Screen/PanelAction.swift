import RopewalkCellGrid
import RopewalkPhrases

/// What shows, hides and chooses panels.
package enum PanelAction: Hashable, Sendable {
    /// Panels on or back from the one that has the keys.
    case step(Int)
    case focus(Panel)
    case toggle(Panel), show(Panel), hide(Panel)
    /// Shows or hides the panel with a number, as it stands in its border.
    case number(Int)
    case preset(Choice<Preset>)
    /// The panel that has the keys fills the screen, or no longer.
    case zoom
}

extension PanelAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("panel.step", .steps, "the keys go to the next panel or the one before") { .panels(.step($0)) },
        ActionForm("panel focus", ActionParameter<Panel>.name, "the keys go to a panel") { .panels(.focus($0)) },
        ActionForm("panel toggle", ActionParameter<Panel>.name, "shows or hides a panel") { .panels(.toggle($0)) },
        ActionForm("panel number", .index("NUMBER"), "shows or hides the panel with a number") {
            .panels(.number($0))
        },
        ActionForm("panel show", ActionParameter<Panel>.name, "shows a panel") { .panels(.show($0)) },
        ActionForm("panel hide", ActionParameter<Panel>.name, "hides a panel") { .panels(.hide($0)) },
        ActionForm("preset", ActionParameter<Preset>.choice, "panels for one kind of question") {
            .panels(.preset($0))
        },
        ActionForm("panel.zoom", "the focused panel fills the screen, and back", .panels(.zoom)),
    ]

    var text: String {
        let name = ActionParameter<Panel>.name
        return switch self {
        case .step(let count): "panel.step " + ActionParameter<Int>.steps.write(count)
        case .focus(let panel): "panel focus " + name.write(panel)
        case .toggle(let panel): "panel toggle " + name.write(panel)
        case .number(let number): "panel number \(number)"
        case .show(let panel): "panel show " + name.write(panel)
        case .hide(let panel): "panel hide " + name.write(panel)
        case .preset(let preset): "preset " + ActionParameter.choice.write(preset)
        case .zoom: "panel.zoom"
        }
    }

    func standing(in state: AppState) -> String? {
        func word(_ panel: Panel) -> String { state.panels.shown.contains(panel) ? "shown" : "hidden" }
        return switch self {
        case .step, .focus: state.panels.focused.name
        case .toggle(let panel), .show(let panel), .hide(let panel): word(panel)
        case .number(let number): Panel(rawValue: number).map(word)
        case .preset: ActionParameter.name.write(state.panels.preset)
        case .zoom: state.panels.isZoomed ? "on" : "off"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .step, .focus, .show, .preset, .zoom: nil
        case .hide(let panel), .toggle(let panel):
            state.panels.shown == [panel] ? say("\(panel.name) is the only panel on the screen") : nil
        case .number(let number):
            switch Panel(rawValue: number) {
            case nil: say("there is no panel \(number): they are numbered 1 to \(Panel.allCases.count)")
            case let panel?: Self.toggle(panel).obstacle(in: state)
            }
        }
    }
}

extension AppState {
    /// Where everything stands now.
    package var layout: PanelLayout {
        PanelLayout(
            size: Size(width: size.width, height: size.height - (LessonCaption(self)?.room ?? 0)),
            shown: panels.present, focus: panels.focused, beside: panels.beside, zoomed: panels.isZoomed)
    }

    mutating func perform(_ action: PanelAction) -> [Effect] {
        switch action {
        case .step(let steps): moveFocus(steps)
        case .focus(let panel): if panels.shown.contains(panel) { panels.focus(panel) } else { show(panel) }
        case .toggle(let panel): toggle(panel)
        case .number(let number):
            guard let panel = Panel(rawValue: number) else {
                action.obstacle(in: self).map { refuse($0) }
                return []
            }
            toggle(panel)
        case .show(let panel): if layout.panels[panel] == nil { show(panel) }
        case .hide(let panel): if panels.shown.contains(panel) { hide(panel) }
        case .preset(.next) where turnPage(): break
        case .preset(let preset): panels.take(preset.after(panels.preset))
        case .zoom: panels.isZoomed.toggle()
        }
        revealCursor()
        return []
    }

    /// Whether the preset has panels that its pages so far had no room for: they are shown now.
    private mutating func turnPage() -> Bool {
        let seen = panels.passed.union(layout.panels.keys)
        let rest = panels.shown.subtracting(seen)
        guard PanelLayout.isNarrow(size), !panels.isZoomed, panels.shown == panels.preset.panels,
            let first = Panel.allCases.first(where: rest.contains)
        else { return false }
        panels.turn(from: seen, to: first)
        return true
    }

    /// The preset's name and, where it takes several pages, which of them is on the screen; "own panels" where some were
    /// shown or hidden by hand.
    var presetText: String {
        guard panels.shown == panels.preset.panels else { return say("own panels") }
        guard PanelLayout.isNarrow(size) else { return panels.preset.rawValue.said }
        var pages: [Set<Panel>] = []
        var rest = panels.shown
        var focus = panels.preset.focused
        // What stands beside the text now may be of a later page.
        var beside = panels.passed.isEmpty ? panels.beside : focus == .text ? .map : focus
        while true {
            let page = PanelLayout(size: size, shown: rest, focus: focus, beside: beside).panels
            pages.append(Set(page.keys))
            rest.subtract(page.keys)
            guard !page.isEmpty, let next = Panel.allCases.first(where: rest.contains) else { break }
            (focus, beside) = (next, next)
        }
        guard pages.count > 1 else { return panels.preset.rawValue.said }
        let place = pages.firstIndex { $0.contains(panels.focused) } ?? 0
        return "\(panels.preset.rawValue.said) \(place + 1)/\(pages.count)"
    }

    /// Shows the panel that an action is about, where it is hidden.
    mutating func reveal(_ panel: Panel) {
        if layout.panels[panel] == nil { _ = perform(PanelAction.toggle(panel)) }
    }

    private mutating func toggle(_ panel: Panel) {
        if layout.panels[panel] == nil { show(panel) } else { hide(panel) }
    }

    /// Goes through all panels that are wanted; on a small screen the focused one takes its place.
    private mutating func moveFocus(_ steps: Int) {
        let shown = Panel.allCases.filter(panels.shown.contains)
        guard !shown.isEmpty else { return }
        let index = shown.firstIndex(of: panels.focused) ?? 0
        let count = shown.count
        panels.focus(shown[(index + steps % count + count) % count])
    }

    /// The panel gets the focus, so that it is seen on small screens too.
    private mutating func show(_ panel: Panel) {
        panels.shown.insert(panel)
        panels.focus(panel)
        panels.isZoomed = false
    }

    /// One panel always stays.
    private mutating func hide(_ panel: Panel) {
        if panels.shown.count > 1 {
            panels.shown.remove(panel)
            if panels.focused == panel, let first = Panel.allCases.first(where: panels.shown.contains) {
                panels.focus(first)
            }
        }
        panels.isZoomed = false
    }
}
