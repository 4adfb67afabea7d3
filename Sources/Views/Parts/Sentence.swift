import RopewalkCellGrid

/// Sentences that have to fit into a panel.
package enum Sentence {
    /// Parts of a line one after the other, each in the longest wording that leaves room for the rest in its shortest;
    /// those that do not fit at all are left out, never cut.
    package static func fitting(_ parts: [[String]], width: Int, separator: String = " · ") -> String {
        func joined(_ chosen: [String]) -> String { chosen.joined(separator: separator) }
        var chosen: [String] = []
        var kept: [[String]] = []
        for part in parts {
            guard let shortest = part.last, CellWidth.of(joined(chosen + [shortest])) <= width else { continue }
            chosen.append(shortest)
            kept.append(part)
        }
        for (index, part) in kept.enumerated() {
            for wording in part {
                var longer = chosen
                longer[index] = wording
                guard CellWidth.of(joined(longer)) <= width else { continue }
                chosen = longer
                break
            }
        }
        return joined(chosen)
    }

    /// As much of a line of parts as has room: what comes first stays, and the last part that begins is cut where it
    /// still says something.
    package static func shortened(_ text: String, width: Int, separator: String = " · ") -> String {
        guard CellWidth.of(text) > width else { return text }
        var kept = ""
        for part in text.split(separator: separator) {
            let lead = kept.isEmpty ? "" : kept + separator
            let room = width - CellWidth.of(lead)
            guard CellWidth.of(String(part)) > room else {
                kept = lead + part
                continue
            }
            return room >= shortestPart ? lead + CellWidth.truncated(String(part), to: room) : kept
        }
        return kept
    }

    /// As many parts of a line as have room as a whole, and "…" for those that have none: a number that is cut would be another one.
    package static func whole(_ text: String, width: Int, separator: String = " · ") -> String {
        guard CellWidth.of(text) > width else { return text }
        let end = separator + "…"
        var kept = ""
        for part in text.split(separator: separator) {
            let longer = kept + (kept.isEmpty ? "" : separator) + part
            guard CellWidth.of(longer + end) <= width else { break }
            kept = longer
        }
        return kept.isEmpty ? CellWidth.truncated(text, to: width) : kept + end
    }

    /// Cells below which the beginning of a part says nothing.
    private static let shortestPart = 8

    /// Lines of at most `width` cells, broken at blanks, and between wide characters; words that are too long are cut.
    package static func wrapped(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        // Between wide characters there are no blanks.
        if text.contains(where: { CellWidth.of($0) > 1 }) { return broken(text, width: width) }
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in text.split(separator: " ") {
            let cells = CellWidth.of(String(word))
            if used > 0, used + 1 + cells > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            line += (used > 0 ? " " : "") + word
            used += cells + (used > 0 ? 1 : 0)
            if used > width {
                line = CellWidth.truncated(line, to: width)
                used = width
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

extension Grid {
    /// Writes a sentence into the middle of an empty panel.
    package mutating func writeNotice(_ text: String, in rect: Rect, style: Style) {
        let lines = Sentence.wrapped(text, width: max(1, rect.width - 2))
        let top = rect.y + max(0, (rect.height - lines.count) / 2)
        for (index, line) in lines.enumerated() where top + index < rect.maxY {
            let x = rect.x + max(0, (rect.width - CellWidth.of(line)) / 2)
            write(line, x: x, y: top + index, style: style, in: rect)
        }
    }
}
