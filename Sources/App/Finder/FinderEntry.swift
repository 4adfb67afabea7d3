import RopewalkPhrases

/// One thing that can be done, as the list of all of them shows it.
package struct FinderEntry: Equatable, Sendable {
    /// As scripts write it: `scale quantile`.
    let name: String
    let meaning: String
    /// All that is said of it anywhere, in the language of the screen and in English, to be found by.
    let known: String
    /// What somebody types who wants just this.
    let purpose: String
    /// The keys that ask for it; empty where none does.
    let keys: String
    /// How things stand that it changes; empty where it changes none of that kind.
    let standing: String
    /// Whether that is what it would make of them.
    let isSo: Bool
    /// Why it can do nothing now.
    let obstacle: String?
    /// Nil: it has to be asked what `takes` says.
    let action: Action?
    let takes: String
    /// Whether a key of the focused panel asks for it.
    let isOfPanel: Bool

    /// Everything that can be done.
    static func all(in state: AppState) -> [FinderEntry] {
        let focus = Binding.Context.panel(state.panels.focused)
        let asked = Dictionary(grouping: state.bindings.filter { $0.context.isOpen }, by: \.action)
        return ActionForm.all.flatMap { form -> [FinderEntry] in
            let actions = form.shown.map { action in
                let bindings = (asked[action] ?? []).sorted { $0.context == focus && $1.context != focus }
                return FinderEntry(action, form, bindings, isOfPanel: bindings.first?.context == focus, in: state)
            }
            return actions + (form.asks ? [FinderEntry(asking: form)] : [])
        }
    }

    private init(
        _ action: Action, _ form: ActionForm, _ bindings: [Binding], isOfPanel: Bool, in state: AppState
    ) {
        name = action.text
        let help = bindings.map(\.help).first { !$0.isEmpty }
        // What the help says of a certain value says more than what all of them have in common.
        let told = form.takes.isEmpty ? form.meaning : help ?? form.meaning
        meaning = FinderWords.meaning(of: action) ?? told.said
        known = [meaning, form.meaning.said, help?.said ?? "", form.meaning, help ?? "", FinderWords.of(name)]
            .joined(separator: " ")
        purpose = FinderWords.purpose(of: name)
        keys = bindings.flatMap(\.keys).map(KeyNames.name).reduce(into: []) { keys, name in
            if !keys.contains(name) { keys.append(name) }
        }.joined(separator: " ")
        standing = action.standing(in: state) ?? ""
        isSo = !standing.isEmpty && action.text == form.name + " " + standing
        obstacle = action.obstacle(in: state)
        self.action = action
        takes = form.takes
        self.isOfPanel = isOfPanel
    }

    private init(asking form: ActionForm) {
        (name, meaning, takes) = (form.name, form.meaning.said, form.takes)
        known = [meaning, form.meaning, FinderWords.of(form.name)].joined(separator: " ")
        purpose = FinderWords.purpose(of: form.name)
        (keys, standing, isSo, obstacle, action, isOfPanel) = ("", "", false, nil, nil, false)
    }
}

extension ActionForm {
    /// What can be done without asking for more.
    fileprivate var shown: [Action] { takes.isEmpty ? [example] : values.compactMap { action($0) } }

    /// Whether there are values that no list has.
    fileprivate var asks: Bool { !takes.isEmpty && isOpen }
}
