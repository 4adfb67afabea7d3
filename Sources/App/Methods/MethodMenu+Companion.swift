import RopewalkMethods

extension MethodMenu {
    /// What makes the selected method whole, where it is not chosen just so; nil where nothing is missing.
    package var companion: (any Method)? {
        guard let companion = selectedMethod?.companion else { return nil }
        let isThere = scenario?.methods.contains { $0.spec == companion.spec } ?? false
        return isThere && entries[selected].isChosen ? nil : companion
    }

    /// Chooses the selected method together with its companion.
    mutating func chooseWhole() {
        guard endTyping(), let companion, let index = place(of: companion) else { return }
        if !entries[selected].isChosen { choose() }
        guard entries[selected].isChosen else { return }
        take(companion, at: index)
    }

    private func place(of method: any Method) -> Int? {
        entries.firstIndex { $0.own == nil && $0.description.name == Swift.type(of: method).description.name }
    }
}
