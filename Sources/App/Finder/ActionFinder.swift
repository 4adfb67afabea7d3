/// The list of everything that can be done, and the letters that were typed to find some of it.
package struct ActionFinder: Equatable, Sendable {
    /// What was typed.
    package private(set) var line: EditedLine
    private let all: [FinderEntry]
    /// What has those letters, the best first.
    private(set) var found: [FinderEntry]
    private(set) var selected = 0

    var count: Int { all.count }
    var chosen: FinderEntry? { found.indices.contains(selected) ? found[selected] : nil }

    init(_ all: [FinderEntry], text: String = "") {
        self.all = all
        line = EditedLine(text)
        found = Self.find(text, in: all)
    }

    mutating func select(_ index: Int) { selected = min(max(0, index), max(0, found.count - 1)) }

    /// Takes a key that is typed; false for one that is none.
    mutating func take(_ line: EditedLine) {
        let isOther = line.text != self.line.text
        self.line = line
        guard isOther else { return }
        found = Self.find(line.text, in: all)
        selected = 0
    }

    /// What the focused panel has keys for comes first, what is not possible last.
    private static func find(_ text: String, in all: [FinderEntry]) -> [FinderEntry] {
        var ranked: [(entry: FinderEntry, score: Int)] = []
        for entry in all {
            guard let score = score(text, entry) else { continue }
            let place = (entry.isOfPanel ? 5 : 0) - (entry.obstacle == nil ? 0 : 25) + (entry.keys.isEmpty ? 0 : 3)
            ranked.append((entry, score + place))
        }
        // Equals stay in their order.
        return ranked.enumerated().sorted {
            ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
        }.map(\.element.entry)
    }

    private static func score(_ text: String, _ entry: FinderEntry) -> Int? {
        let isKey = !text.isEmpty && entry.keys.split(separator: " ").contains { $0 == text }
        if isKey { return 110 }
        return FuzzyMatch.isWanted(text, purpose: entry.purpose)
            ? 140 : FuzzyMatch.score(text, name: entry.name, meaning: entry.known)
    }
}
