import RopewalkMethods
import RopewalkPhrases

extension MethodMenu {
    /// The entries that the filter leaves.
    package var listed: [Int] {
        guard !filter.isEmpty else { return Array(entries.indices) }
        let wanted = Array(filter.lowercased().utf8)
        return entries.indices.filter { index in
            let description = entries[index].description
            return [
                description.name, entries[index].title, description.title, description.summary,
                description.summary.said,
            ].contains {
                Array($0.lowercased().utf8).contains(run: wanted)
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

extension [UInt8] {
    /// Whether these bytes stand in it. Foundation's search in strings trapped with some that can be typed.
    fileprivate func contains(run: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: run) }
    }
}
