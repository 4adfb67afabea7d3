import RopewalkMethods

extension MethodMenu {
    /// The entries that the filter leaves.
    package var listed: [Int] {
        guard !filter.isEmpty else { return Array(entries.indices) }
        let wanted = filter.lowercased()
        return entries.indices.filter { index in
            let description = entries[index].description
            return [description.name, entries[index].title, description.summary].contains {
                $0.lowercased().contains(wanted)
            }
        }
    }

    /// Takes a key while the filter is typed.
    mutating func setFilter(_ text: String, isOpen: Bool) {
        guard endTyping() else { return }
        filter = String(text.prefix(40))
        isFiltering = isOpen
        let listed = listed
        if !listed.contains(selected), let first = listed.first { select(first) }
    }
}
