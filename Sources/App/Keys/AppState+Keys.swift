extension AppState {
    /// The key that asks for an action where nothing lies over the panels, as the reader has bound it; its name in the list of
    /// actions where no key does.
    func keyName(of action: Action) -> String {
        let own = ownKeys.filter { $0.value == action }.map { KeyNames.name($0.key) }.sorted().first
        return own ?? KeyMap.bindings.first { $0.context == .anywhere && $0.action == action }.flatMap { binding in
            binding.keys.first { ownKeys[$0] == nil }.map { KeyNames.name($0) }
        } ?? ":\(action.text)"
    }
}
