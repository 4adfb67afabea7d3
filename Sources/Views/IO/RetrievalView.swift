import RopewalkCellGrid
import RopewalkPhrases

/// What a query finds in a memory of keys, or whose neighbours its chunk reads: lines with numbers, and the passage that
/// the selected one stands in.
package struct RetrievalView: Sendable {
    package struct Line: Equatable, Sendable {
        /// Under the titles.
        let cells: [String]
        /// Of the passage, in one line each.
        let before: String
        let word: String
        let after: String
        /// What is read of it: the last of the numbers.
        let weight: Float

        package init(cells: [String], before: String, word: String, after: String, weight: Float = 0) {
            (self.cells, self.before, self.word, self.after) = (cells, before, word, after)
            self.weight = weight
        }
    }

    /// What it is of, and how far off, part by part in the longest wording first.
    let summary: [[String]]
    let errors: [[String]]
    let titles: [String]
    let lines: [Line]
    /// A line; nil for none.
    let selected: Int?
    /// What is said where there are no lines.
    package let empty: String
    let look: Look

    package init(
        summary: [[String]], errors: [[String]], titles: [String], lines: [Line], selected: Int?, empty: String,
        look: Look
    ) {
        (self.summary, self.errors, self.titles, self.lines) = (summary, errors, titles, lines)
        (self.empty, self.look) = (empty, look)
        self.selected = selected.flatMap { lines.indices.contains($0) ? $0 : nil }
    }

    /// The page whose name stands there.
    package func page(atX x: Int, y: Int, in rect: Rect) -> IOPage? {
        y == rect.y ? IOTabs(shown: .retrieval).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// The line that stands there.
    package func line(atX x: Int, y: Int, in rect: Rect) -> Int? {
        let list = frame(in: rect).list
        guard list.contains(x: x, y: y), y > list.y else { return nil }
        let place = firstLine(list) + y - list.y - 1
        return lines.indices.contains(place) ? place : nil
    }

    /// Where everything stands in a panel's content.
    struct Frame {
        let list: Rect
        let passage: Rect
    }

    func frame(in rect: Rect) -> Frame {
        let top = rect.y + 3
        let height = max(0, rect.height - 3)
        let passage = selected == nil || height < 7 ? 0 : min(6, height / 3)
        return Frame(
            list: Rect(x: rect.x, y: top, width: rect.width, height: height - passage),
            passage: Rect(x: rect.x, y: top + height - passage, width: rect.width, height: passage))
    }

    /// The first line that is shown, so that the selected one is among them.
    private func firstLine(_ list: Rect) -> Int {
        let room = max(1, list.height - 1)
        guard let selected, selected >= room else { return 0 }
        return selected - room + 1
    }

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        IOTabs(shown: .retrieval).draw(
            in: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), theme: look.theme, on: &grid)
        for (row, parts) in [summary, errors].enumerated() where rect.height > row + 1 {
            grid.write(
                Sentence.fitting(parts, width: rect.width), x: rect.x, y: rect.y + 1 + row,
                style: row == 0 ? look.theme.dim : look.theme.warning, in: rect)
        }
        let frame = frame(in: rect)
        guard !lines.isEmpty else {
            guard frame.list.height > 0 else { return }
            return grid.writeNotice(empty, in: frame.list, style: look.theme.dim)
        }
        drawList(in: frame.list, on: &grid)
        if let selected { drawPassage(lines[selected], in: frame.passage, on: &grid) }
    }

    /// As wide as the widest cell of each column.
    private var widths: [Int] {
        titles.indices.map { column in
            lines.reduce(CellWidth.of(titles[column])) { max($0, CellWidth.of($1.cells[column])) }
        }
    }

    private func drawList(in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2, rect.width >= 12 else { return }
        let widths = widths
        func write(_ cells: [String], y: Int, style: Style, on grid: inout Grid) -> Int {
            var x = rect.x + 2
            for (column, (cell, width)) in zip(cells, widths).enumerated() where x + width <= rect.maxX {
                // The first column is a name.
                let text = column == 0 ? Figures.left(cell, to: width) : Figures.padded(cell, to: width)
                grid.write(text, x: x, y: y, style: style, in: rect)
                x += width + 2
            }
            return x
        }
        _ = write(titles, y: rect.y, style: look.theme.dim, on: &grid)
        for (row, line) in lines.dropFirst(firstLine(rect)).prefix(rect.height - 1).enumerated() {
            let y = rect.y + 1 + row
            let isChosen = firstLine(rect) + row == selected
            let style = isChosen ? look.theme.selection : look.theme.text
            if isChosen { grid.write("▸", x: rect.x, y: y, style: look.theme.key, in: rect) }
            let x = write(line.cells, y: y, style: style, on: &grid)
            drawWords(line, x: x, y: y, style: style, in: rect, on: &grid)
        }
    }

    /// The word with what stands around it.
    private func drawWords(_ line: Line, x: Int, y: Int, style: Style, in rect: Rect, on grid: inout Grid) {
        let room = rect.maxX - x
        guard room >= 6 else { return }
        let word = CellWidth.truncated(line.word, to: room)
        let before = Self.ending(line.before, width: (room - CellWidth.of(word)) / 2)
        var end = grid.write(before, x: x, y: y, style: style, in: rect)
        end = grid.write(word, x: end, y: y, style: look.theme.anchor, in: rect)
        grid.writeTruncated(line.after, x: end, y: y, width: max(0, rect.maxX - end), style: style, in: rect)
    }

    /// As much of the end of a text as has room.
    private static func ending(_ text: String, width: Int) -> String {
        var kept: [Character] = []
        var used = 0
        for character in text.reversed() {
            let cells = CellWidth.of(character)
            guard used + cells <= width else { break }
            kept.append(character)
            used += cells
        }
        return String(kept.reversed())
    }

    /// More of the text around the selected line.
    private func drawPassage(_ line: Line, in rect: Rect, on grid: inout Grid) {
        guard rect.height >= 2 else { return }
        let name = line.cells.prefix(2).joined(separator: " · ")
        grid.writeTruncated(name, x: rect.x, y: rect.y, width: rect.width, style: look.theme.dim, in: rect)
        let text = line.before + "⟦" + line.word + "⟧" + line.after
        for (row, part) in Sentence.wrapped(text, width: rect.width).prefix(rect.height - 1).enumerated() {
            grid.write(part, x: rect.x, y: rect.y + 1 + row, style: look.theme.text, in: rect)
        }
    }
}
