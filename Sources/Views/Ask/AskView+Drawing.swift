import RopewalkCellGrid
import RopewalkPhrases

extension AskView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let frame = frame(in: rect)
        if let y = frame.tabs { drawTabs(y: y, in: rect, on: &grid) }
        for (index, line) in summaryLines(width: rect.width).prefix(frame.summary.height).enumerated() {
            grid.write(line, x: rect.x + 1, y: frame.summary.y + index, style: look.theme.text, in: rect)
        }
        if let missing { return grid.writeNotice(missing, in: frame.rows, style: look.theme.dim) }
        if let matrix { return matrix.draw(in: frame.rows, look: look, on: &grid) }
        if let y = frame.titles { drawTitles(y: y, in: rect, on: &grid) }
        let first = firstRow(height: frame.rows.height)
        for (index, row) in rows.dropFirst(first).prefix(frame.rows.height).enumerated() {
            draw(row, y: frame.rows.y + index, isSelected: first + index == selected, in: rect, on: &grid)
        }
    }

    /// What stands in the lower border: which lines are seen.
    package func footer(in rect: Rect) -> String {
        guard missing == nil, rows.count > 1 else { return "" }
        if let matrix { return say("\(matrix.selected.grouped) of \(rows.count.grouped)") }
        let height = frame(in: rect).rows.height
        let first = firstRow(height: height)
        let last = min(rows.count, first + height)
        return last - first == rows.count
            ? say("\(rows.count.grouped) lines")
            : say("lines \((first + 1).grouped)–\(last.grouped) of \(rows.count.grouped)")
    }

    private func drawTabs(y: Int, in rect: Rect, on grid: inout Grid) {
        let tabs = Self.tabs(in: rect, page: page)
        if tabs.first?.page != AskPage.allCases.first {
            grid.write("‹", x: rect.x, y: y, style: look.theme.dim, in: rect)
        }
        if let last = tabs.last, last.page != AskPage.allCases.last, last.cells.upperBound + 1 < rect.maxX {
            grid.write("›", x: last.cells.upperBound + 1, y: y, style: look.theme.dim, in: rect)
        }
        for (page, cells) in tabs {
            let style = page == self.page ? look.theme.selection : look.theme.dim
            grid.write(" \(page.title) ", x: cells.lowerBound, y: y, style: style, in: rect)
        }
    }

    private func drawTitles(y: Int, in rect: Rect, on grid: inout Grid) {
        var x = rect.x
        for column in columns {
            grid.writeRight(
                column.title.said, endX: x + column.width, y: y, width: column.width, style: look.theme.dim, in: rect)
            x += column.width + 1
        }
    }

    private func draw(_ row: Row, y: Int, isSelected: Bool, in rect: Rect, on grid: inout Grid) {
        let theme = look.theme
        let plain = isSelected ? theme.selection : theme.text
        if isSelected { grid.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), style: plain) }
        var x = rect.x
        for (column, cell) in zip(columns, row.cells) {
            grid.writeRight(cell, endX: x + column.width, y: y, width: column.width, style: plain, in: rect)
            x += column.width + 1
        }
        let room = rect.maxX - x - 1
        guard room > 0 else { return }
        drawWords(row, at: Rect(x: x + 1, y: y, width: room, height: 1), isSelected: isSelected, on: &grid)
    }

    /// The word in the same column in every line, as a concordance has it; what stands out gets its own word at the end.
    private func drawWords(_ row: Row, at rect: Rect, isSelected: Bool, on grid: inout Grid) {
        let theme = look.theme
        let quiet = isSelected ? theme.selection : theme.dim
        var loud = isSelected ? theme.selection : theme.text
        loud.attributes.insert(.bold)
        var end = rect.maxX
        if !row.remark.isEmpty, rect.width > CellWidth.of(row.remark) + 8 {
            end =
                grid.writeRight(
                    row.remark, endX: rect.maxX, y: rect.y, width: rect.width,
                    style: isSelected ? theme.selection : theme.warning, in: rect) - 1
        }
        let room = row.before.isEmpty ? 0 : min(rect.width * 2 / 5, end - rect.x)
        let before = Self.tail(row.before, width: room)
        grid.writeRight(before, endX: rect.x + room, y: rect.y, width: room, style: quiet, in: rect)
        let word = CellWidth.truncated(row.word, to: max(0, end - rect.x - room))
        let x = grid.write(word, x: rect.x + room, y: rect.y, style: loud, in: rect)
        grid.writeTruncated(row.after, x: x, y: rect.y, width: max(0, end - x), style: quiet, in: rect)
    }

    /// The last cells of a text.
    private static func tail(_ text: String, width: Int) -> String {
        var kept = text[...]
        while CellWidth.of(String(kept)) > width, !kept.isEmpty { kept.removeFirst() }
        return String(kept)
    }
}
