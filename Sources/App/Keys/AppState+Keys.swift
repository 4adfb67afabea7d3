import RopewalkCellGrid

extension AppState {
    /// All bindings as they hold for this reader: help, status line, borders and the list of actions are made from them.
    ///
    /// A key of the reader's own asks for its action alone, where nothing lies over the panels.
    var bindings: [Binding] {
        guard !ownKeys.isEmpty else { return KeyMap.bindings }
        let known = Set(KeyMap.bindings.filter { $0.context.isOpen }.map(\.action))
        let others = ownKeys.filter { !known.contains($0.value) }.sorted {
            KeyNames.name($0.key) < KeyNames.name($1.key)
        }
        return KeyMap.bindings.compactMap(rebound)
            + others.map { key, action in
                Binding(
                    keys: [key], action: action, context: .anywhere, group: .program,
                    help: ActionForm.of(action)?.meaning ?? action.text, hint: nil, hintKeys: KeyNames.name(key))
            }
    }

    /// The binding with the reader's keys; nil where all of its own ask for something else.
    private func rebound(_ binding: Binding) -> Binding? {
        guard binding.context.isOpen else { return binding }
        let own = ownKeys.filter { $0.value == binding.action && !binding.keys.contains($0.key) }.map(\.key)
            .sorted { KeyNames.name($0) < KeyNames.name($1) }
        let keys = own + binding.keys.filter { (ownKeys[$0] ?? binding.action) == binding.action }
        guard let first = keys.first else { return nil }
        let isHintStale = !own.isEmpty || ownKeys.contains { $0.value != binding.action && binding.hints(at: $0.key) }
        return Binding(
            keys: keys, action: binding.action, context: binding.context, group: binding.group, help: binding.help,
            hint: binding.hint, hintKeys: isHintStale ? KeyNames.name(first) : binding.hintKeys)
    }

    /// What a key asks for where nothing lies over the panels: of the reader's own, of a page, of the focused panel, of all.
    func action(for key: Key, focus panel: Panel) -> Action? {
        ownKeys[key] ?? pageContext(of: panel).flatMap { KeyMap.action(for: key, in: $0) }
            ?? KeyMap.action(for: key, focus: panel)
    }

    /// Where the bindings stand that a page of a panel has for itself; nil where it has none.
    func pageContext(of panel: Panel) -> Binding.Context? {
        guard panel == .loss else { return nil }
        return switch losses.page {
        case .positions: nil
        case .needles: .needles
        case .retrieval: .passages
        case .data: .longTexts
        case .evaluate: .benchmarks
        }
    }

    /// The key that asks for an action, there or anywhere; its name for `:` where none does.
    func keyName(of action: Action, in panel: Panel? = nil) -> String {
        let found = bindings.filter { $0.action == action && $0.context.isOpen }
        let here = found.first { binding in panel.map { binding.context == .panel($0) } ?? false }
        return (here ?? found.first { $0.context == .anywhere })?.keys.first.map { KeyNames.name($0) }
            ?? ":\(action.text)"
    }

    /// Whether a key asks for something that only has to wait for the tokens of the text.
    ///
    /// - Parameter isKept: Whether it has waited already.
    func waitsForTokens(_ key: Key, isKept: Bool = false) -> Bool {
        if case .prompt(let prompt) = overlay, case .place = prompt.purpose, key == .enter, !isOpen {
            // An action that is typed there waits too, unless it needs no tokens.
            return PlaceExpression(prompt.text) != nil
                || (try? Action(parsing: prompt.text)).map { waits($0, isKept: isKept) } ?? false
        }
        guard overlay == nil, lesson == nil, places.pending == nil,
            let action = action(for: key, focus: panels.focused)
        else { return false }
        return waits(action, isKept: isKept)
    }

    private func waits(_ action: Action, isKept: Bool) -> Bool {
        if awaitsHead, isKept || lens == nil, action.isHeadStep { return true }
        guard !isOpen, let obstacle = action.obstacle(in: self) else { return false }
        return obstacle == tokenObstacle || obstacle == modelObstacle
    }

    /// Whether the layer and the head that will be shown first are not known yet: steps from another one would lead elsewhere.
    private var awaitsHead: Bool {
        guard !focus.hasChosenHead, lens == nil || !focus.hasMoved else { return false }
        guard sources.model.failure == nil, sources.text.failure == nil else { return false }
        return !isOpen || runs.awaitsCircuits
    }
}

extension Action {
    /// Whether it counts from the layer or the head that is looked at.
    fileprivate var isHeadStep: Bool {
        if case .focus(.layer) = self { return true }
        if case .focus(.head) = self { return true }
        return false
    }
}

extension Binding {
    /// Whether the status line names a key beside others: `[ ]`, `hjkl`, `F2-F10`.
    fileprivate func hints(at key: Key) -> Bool {
        if case .function(let number) = key { return hintKeys == "F2-F10" && (2...10).contains(number) }
        return hintKeys != "F2-F10" && hintKeys.contains(KeyNames.name(key))
    }
}

extension Binding.Context {
    /// Whether it holds where nothing lies over the panels.
    var isOpen: Bool {
        switch self {
        case .anywhere, .panel: true
        case .benchmarks, .changes, .finder, .help, .lesson, .longTexts, .menu, .models, .needles, .parts, .passages,
            .pasted,
            .places,
            .sessions:
            false
        }
    }
}

extension ActionForm {
    /// The form of an action: the longest name that it begins with.
    static func of(_ action: Action) -> ActionForm? {
        let text = action.text
        return all.filter { text == $0.name || text.hasPrefix($0.name + " ") }.max { $0.name.count < $1.name.count }
    }
}
