import RopewalkCellGrid
import RopewalkPhrases

/// What finds an action by some letters, and does it.
package enum FinderAction: Hashable, Sendable {
    case open
    /// With letters that were typed elsewhere.
    case find(String)
    /// In the open list.
    case entry(Int), pick(Int), take
}

extension FinderAction: ActionConcern {
    private static let letters = ActionParameter.text("LETTERS", example: "window")

    static let forms: [ActionForm] = [
        ActionForm("actions", "lists everything that can be done, and does it", .finder(.open)),
        ActionForm("actions.find", letters, "lists what can be done that has these letters") { .finder(.find($0)) },
        ActionForm("actions.entry", .steps, "in the list of actions: down or up") { .finder(.entry($0)) },
        ActionForm("actions.pick", .index("ENTRY"), "in the list of actions: selects one, counted from 0") {
            .finder(.pick($0))
        },
        ActionForm("actions.take", "in the list of actions: does the selected one", .finder(.take)),
    ]

    var text: String {
        switch self {
        case .open: "actions"
        case .find(let letters): "actions.find " + Self.letters.write(letters)
        case .entry(let count): "actions.entry " + ActionParameter<Int>.steps.write(count)
        case .pick(let entry): "actions.pick \(entry)"
        case .take: "actions.take"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .open, .find: return nil
        case .entry, .pick, .take:
            guard case .finder(let finder) = state.overlay else { return say("the list of actions is closed") }
            if case .pick(let entry) = self, !finder.found.indices.contains(entry) {
                return say("the list has no entry \(entry)")
            }
            return self == .take && finder.chosen == nil ? say("nothing has these letters") : nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: FinderAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .open: openFinder("")
        case .find(let text): openFinder(text)
        case .entry, .pick, .take:
            guard case .finder(var finder) = overlay else { return [] }
            switch action {
            case .entry(let steps): finder.select(finder.selected + steps)
            case .pick(let entry): finder.select(entry)
            case .take: return finder.chosen.map { take($0) } ?? []
            case .open, .find: break
            }
            overlay = .finder(finder)
        }
        return []
    }

    /// What lies over the panels goes first: what is done is done to them.
    private mutating func openFinder(_ text: String) {
        overlay = nil
        overlay = .finder(ActionFinder(FinderEntry.all(in: self), text: text))
    }

    /// A key while actions are being found.
    mutating func press(_ key: Key, in finder: ActionFinder) -> [Effect] {
        if let action = KeyMap.action(for: key, in: .finder) { return perform(action) }
        var (finder, line) = (finder, finder.line)
        guard line.take(key) else { return [] }
        finder.take(line)
        overlay = .finder(finder)
        return []
    }

    /// The list stays open where nothing can be done, so that the reason is seen beside it.
    private mutating func take(_ entry: FinderEntry) -> [Effect] {
        if let obstacle = entry.obstacle {
            refuse(obstacle)
            return []
        }
        overlay = nil
        guard let action = entry.action else {
            overlay = .prompt(Prompt(purpose: .action(name: entry.name, takes: entry.takes)))
            return []
        }
        let effects = perform(action)
        if case .panels(.preset) = action { tellOtherPage() }
        return effects
    }

    /// Who has asked for panels by what they are for may not know that a small screen shows them on several pages.
    private mutating func tellOtherPage() {
        let missing = Panel.allCases.filter { panels.preset.panels.contains($0) && layout.panels[$0] == nil }
        guard PanelLayout.isNarrow(size), !missing.isEmpty, notice == nil else { return }
        let names = missing.map(\.name).joined(separator: ", ")
        notice = Notice(.information, say("p turns the page: \(names)"))
    }
}
