import RopewalkDocuments

/// A list of places of the text, open to go to one.
package struct PlaceList: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case outline, hits, marks, notes
    }

    struct Entry: Equatable, Sendable {
        let byte: Int
        let level: Int
        /// A mark's letter, rank and score of what a question is about; empty elsewhere.
        let name: String
        let text: String
    }

    let kind: Kind
    let entries: [Entry]
    private(set) var selected = 0

    init(kind: Kind, entries: [Entry], at byte: Int) {
        self.kind = kind
        self.entries = entries
        // The last place up to the cursor, of marks the first: they stand by their letters.
        selected = kind == .marks ? 0 : max(0, entries.partitioningIndex { $0.byte > byte } - 1)
    }

    var chosen: Entry? { entries.indices.contains(selected) ? entries[selected] : nil }

    mutating func select(_ index: Int) { selected = min(max(0, index), max(0, entries.count - 1)) }
}

extension AppState {
    func placeList(_ kind: PlaceList.Kind) -> PlaceList {
        let entries: [PlaceList.Entry] =
            switch kind {
            case .outline:
                outline.entries.map { PlaceList.Entry(byte: $0.byte, level: $0.level, name: "", text: $0.title) }
            case .hits:
                hitEntries
            case .notes: notes.all.map { PlaceList.Entry(byte: $0.byte, level: 0, name: $0.word, text: $0.text) }
            case .marks:
                places.marks.sorted { $0.key < $1.key }.map { letter, place in
                    let bytes = bytes(of: place)
                    return PlaceList.Entry(
                        byte: bytes.lowerBound, level: 0, name: String(letter), text: surroundings(of: bytes))
                }
            }
        return PlaceList(kind: kind, entries: entries, at: max(cursorByte, cursorEnd - 1))
    }

    /// The places of the last search, and leaks that were left out of them.
    private var hitEntries: [PlaceList.Entry] {
        guard let search = window.search else { return [] }
        let hits = search.hits.map { hit in
            PlaceList.Entry(
                byte: hit.lowerBound, level: 0, name: search.names[hit.lowerBound] ?? "", text: surroundings(of: hit))
        }
        guard let leaks = search.passages?.leaks, !leaks.isEmpty else { return hits }
        let left = leaks.map { leak in
            PlaceList.Entry(
                byte: leak.bytes.lowerBound, level: 0, name: PassageAnswer.name(leak),
                text: surroundings(of: leak.bytes))
        }
        return (hits + left).sorted { $0.byte < $1.byte }
    }

    /// The line around a place, as one line of the screen can show it.
    private func surroundings(of bytes: Range<Int>) -> String {
        guard let text = sources.text.value else { return "" }
        let from = max(0, bytes.lowerBound - 30)
        let shown = text.string(from..<max(bytes.upperBound, bytes.lowerBound + 90))
        return shown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
