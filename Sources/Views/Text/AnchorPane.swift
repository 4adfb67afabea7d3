import RopewalkCellGrid
import RopewalkDocuments

/// The key that is looked at, wherever it lies: its word, its weight, and the sentence that it stands in.
package struct AnchorPane: Sendable {
    let document: Document
    let token: Int
    /// What is known of it, the longest wording first.
    let words: [String]
    let look: Look

    package init(document: Document, token: Int, words: [String], look: Look) {
        self.document = document
        self.token = token
        self.words = words
        self.look = look
    }

    /// Bytes of a sentence that are looked at on both sides.
    private static let reach = 600

    /// A line for what it is, the others for its sentence; where there is only one line, what fits behind.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.height > 0, rect.width > 8, token < document.tokenCount else { return }
        let quoted = document.quotedName(ofToken: token) { CellWidth.truncated($0, to: 16) }
        let name = "◂ \(token.grouped) \(quoted)"
        let label = Sentence.fitting([[name, "◂ \(token.grouped)"], words], width: rect.width)
        let x = grid.write(label, x: rect.x, y: rect.y, style: look.theme.key, in: rect)
        let lines = rect.height - 1
        guard lines > 0 else {
            return draw(line(width: rect.maxX - x - 2), x: x + 2, y: rect.y, in: rect, on: &grid)
        }
        for (index, line) in self.lines(width: rect.width - 2, count: lines).enumerated() {
            draw(line, x: rect.x + 2, y: rect.y + 1 + index, in: rect, on: &grid)
        }
    }

    /// A character of the sentence, and whether it belongs to the anchor.
    struct Letter {
        let text: Character
        let isAnchor: Bool
    }

    private func draw(_ line: [Letter], x: Int, y: Int, in rect: Rect, on grid: inout Grid) {
        var x = x
        for letter in line {
            let style = letter.isAnchor ? look.theme.anchor : look.theme.text
            x = grid.write(String(letter.text), x: x, y: y, style: style, in: rect)
        }
    }

    /// The sentence with line ends as blanks.
    private var letters: [Letter] {
        let text = document.text
        let word = document.characterBytes(ofToken: token)
        // A token that begins with the blank before a sentence belongs to that sentence.
        let first = min(text.sentenceStart(before: max(1, word.upperBound)), word.lowerBound)
        let start = max(first, word.lowerBound - Self.reach)
        let end = min(
            text.sentenceStart(after: max(word.lowerBound, word.upperBound - 1)), word.upperBound + Self.reach)
        guard start <= word.lowerBound, end >= word.upperBound else { return [] }
        var letters: [Letter] = []
        for (part, isAnchor) in [
            (start..<word.lowerBound, false), (word, true), (word.upperBound..<end, false),
        ] {
            for character in text.string(part) where character != "\u{FFFD}" {
                let isBlank = character.isWhitespace
                if isBlank, letters.last?.text == " " { continue }
                letters.append(Letter(text: isBlank ? " " : character, isAnchor: isAnchor))
            }
        }
        return letters
    }

    /// What fits into one line, with the anchor in it.
    private func line(width: Int) -> [Letter] {
        let letters = letters
        guard let first = letters.firstIndex(where: \.isAnchor), width > 0 else { return [] }
        var start = first
        var used = 0
        while start > 0, used < width / 2 {
            start -= 1
            used += CellWidth.of(letters[start].text)
        }
        return Self.prefix(letters[start...], width: width)
    }

    /// The sentence in lines, from the first that leaves the anchor in sight.
    func lines(width: Int, count: Int) -> [[Letter]] {
        var lines: [[Letter]] = []
        var rest = letters[...]
        while !rest.isEmpty, width > 0 {
            let fitting = Self.prefix(rest, width: width)
            guard !fitting.isEmpty else { break }
            var length = fitting.count
            if length < rest.count, rest[rest.startIndex + length].text != " ",
                let blank = fitting.lastIndex(where: { $0.text == " " }), blank > 0
            {
                length = blank + 1
            }
            lines.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
            if rest.first?.text == " " { rest = rest.dropFirst() }
        }
        let place = lines.firstIndex { $0.contains(where: \.isAnchor) } ?? 0
        let first = min(max(0, place - (count - 1) / 2), max(0, lines.count - count))
        return Array(lines.dropFirst(first).prefix(count))
    }

    private static func prefix(_ letters: ArraySlice<Letter>, width: Int) -> [Letter] {
        var used = 0
        return Array(
            letters.prefix { letter in
                used += CellWidth.of(letter.text)
                return used <= width
            })
    }
}
