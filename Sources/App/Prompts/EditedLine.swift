import RopewalkCellGrid

/// A line of text and the place where typing goes on, changed by the keys that shells and editors have for it.
package struct EditedLine: Equatable, Sendable {
    private var characters: [Character]
    /// Characters before the place.
    package private(set) var place: Int
    /// A text that the first letter takes the place of; any other key keeps it, to be changed.
    private(set) var isProposal: Bool

    /// A line of a prompt is never longer, whatever is pasted.
    package static let limit = 400

    package init(_ text: String = "", isProposal: Bool = false) {
        characters = Array(text.prefix(Self.limit))
        place = characters.count
        self.isProposal = isProposal && !characters.isEmpty
    }

    package var text: String { String(characters) }
    package var before: String { String(characters[..<place]) }
    package var after: String { String(characters[place...]) }

    /// Changes the line or moves in it; false for a key that does neither.
    mutating func take(_ key: Key) -> Bool {
        if case .character = key {} else { isProposal = false }
        switch key {
        case .character(let character): insert(String(character))
        case .backspace: remove(max(0, place - 1)..<place)
        case .delete, .control("d"): remove(place..<min(place + 1, characters.count))
        case .left, .control("b"): place = max(0, place - 1)
        case .right, .control("f"): place = min(characters.count, place + 1)
        case .home, .control("a"): place = 0
        case .end, .control("e"): place = characters.count
        case .control("u"): remove(0..<place)
        case .control("k"): remove(place..<characters.count)
        case .control("w"): remove(wordStart..<place)
        case .up, .down, .pageUp, .pageDown, .enter, .escape, .tab, .backTab, .insert, .function, .control: return false
        }
        return true
    }

    /// As much of a text as there is room for.
    mutating func insert(_ text: String) {
        if isProposal { remove(0..<characters.count) }
        isProposal = false
        let added = text.prefix(max(0, Self.limit - characters.count))
        characters.insert(contentsOf: added, at: place)
        place += added.count
    }

    /// Another text for what stands before the place.
    mutating func replaceBefore(_ text: String) {
        remove(0..<place)
        insert(text)
    }

    private mutating func remove(_ range: Range<Int>) {
        characters.removeSubrange(range)
        place = range.lowerBound
    }

    /// Where the word before the place begins, as Ctrl-W of a shell has it: blanks alone end a word.
    private var wordStart: Int {
        var start = place
        while start > 0, characters[start - 1].isWhitespace { start -= 1 }
        while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
        return start
    }
}
