import RopewalkMethods
import RopewalkPhrases

extension MethodMenu {
    /// The entries that the filter leaves.
    package var listed: [Int] {
        guard !filter.isEmpty else { return Array(entries.indices) }
        return entries.indices.filter { index in
            let description = entries[index].description
            return [
                description.name, entries[index].title, description.title, description.summary,
                description.summary.said,
            ].contains { $0.has(letters: filter) }
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
