import RopewalkCellGrid

extension Sentence {
    /// Lines of at most `width` cells, broken at blanks, and beside wide characters, but not before their punctuation.
    package static func broken(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for part in parts(of: text) {
            let cells = CellWidth.of(part)
            if used > 0, used + cells > width, part != " " {
                lines.append(line)
                (line, used) = ("", 0)
            }
            if part == " ", used == 0 || used + 1 >= width {
                // What comes behind a blank that has no room is on the next line, however short it is.
                if used > 0 { used = max(used, width) }
                continue
            }
            line += part
            used += cells
        }
        return (lines + (line.isEmpty ? [] : [line])).map { CellWidth.truncated($0, to: width) }
    }

    private static let closing: Set<Character> = ["，", "。", "、", "；", "：", "？", "！", "）", "”", "》", "」", "…"]
    private static let opening: Set<Character> = ["（", "“", "《", "「"]

    /// Blanks, words, and wide characters with the punctuation that stays with them.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var word = ""
        var wasOpening = false
        func flush() {
            if !word.isEmpty { parts.append(word) }
            word = ""
        }
        for character in text {
            if character.isWhitespace {
                flush()
                if parts.last != " " { parts.append(" ") }
                wasOpening = false
            } else if closing.contains(character) {
                if word.isEmpty, let last = parts.popLast() { word = last == " " ? "" : last }
                word.append(character)
                if CellWidth.of(character) > 1 { flush() }
                wasOpening = false
            } else if CellWidth.of(character) > 1 || opening.contains(character) {
                if !wasOpening { flush() }
                word.append(character)
                wasOpening = opening.contains(character)
                if !wasOpening { flush() }
            } else {
                word.append(character)
                wasOpening = false
            }
        }
        flush()
        return parts
    }
}
