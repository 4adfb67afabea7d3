import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

extension CatalogueView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let frame = frame(in: rect)
        let tabs = CatalogueTabs(shown: .list)
        tabs.draw(in: frame.tabs, theme: look.theme, on: &grid)
        drawFilter(after: tabs.end(in: frame.tabs), in: frame.tabs, on: &grid)
        let columns = columns(in: rect)
        if let y = frame.titles { drawTitles(columns, y: y, in: rect, on: &grid) }
        if entries.isEmpty {
            return grid.writeNotice(
                say("No method has the letters “\(filter)”: / and Enter list all."), in: frame.rows,
                style: look.theme.dim)
        }
        let first = firstRow(height: frame.rows.height)
        for (index, entry) in entries.dropFirst(first).prefix(frame.rows.height).enumerated() {
            draw(entry, columns, y: frame.rows.y + index, isSelected: first + index == selectedRow, in: rect, on: &grid)
        }
        drawDetails(in: frame.details, on: &grid)
    }

    private func drawFilter(after x: Int, in rect: Rect, on grid: inout Grid) {
        let text = filter.isEmpty ? "" : "/\(filter): \(say("\(entries.count.grouped) of them"))"
        grid.writeTruncated(text, x: x + 1, y: rect.y, width: rect.maxX - x - 1, style: look.theme.key, in: rect)
    }

    private func drawTitles(
        _ columns: [(column: CatalogueColumn, cells: Range<Int>)], y: Int, in rect: Rect, on grid: inout Grid
    ) {
        for (column, cells) in columns {
            let isSorted = column == self.column
            let title = column.title + (isSorted ? (isDescending ? "▾" : "▴") : "")
            write(title, column, cells, y: y, style: isSorted ? look.theme.title : look.theme.dim, in: rect, on: &grid)
        }
    }

    /// Numbers end in one line, and a name that is too long may take the blank before the next column.
    private func write(
        _ text: String, _ column: CatalogueColumn, _ cells: Range<Int>, y: Int, style: Style, in rect: Rect,
        on grid: inout Grid
    ) {
        if column.isText {
            grid.writeTruncated(text, x: cells.lowerBound, y: y, width: cells.count, style: style, in: rect)
        } else {
            let width = cells.count + 1
            grid.writeRight(text, endX: cells.upperBound, y: y, width: width, style: style, in: rect)
        }
    }

    private func draw(
        _ entry: CatalogueEntry, _ columns: [(column: CatalogueColumn, cells: Range<Int>)], y: Int, isSelected: Bool,
        in rect: Rect, on grid: inout Grid
    ) {
        let theme = look.theme
        let style = isSelected ? theme.selection : entry.hindrance == nil ? theme.text : theme.dim
        if isSelected { grid.fill(Rect(x: rect.x, y: y, width: rect.width, height: 1), style: style) }
        let marks = (entry.isInForce ? "●" : " ") + (entry.isCompared ? "+" : " ")
        grid.write(marks, x: rect.x, y: y, style: isSelected ? style : theme.key, in: rect)
        for (column, cells) in columns {
            var own = style
            if !isSelected, column == .hindrance { own = theme.warning }
            if !isSelected, column == .name, entry.isInForce { own = theme.title }
            write(column.text(entry), column, cells, y: y, style: own, in: rect, on: &grid)
        }
    }

    /// The selected method: its name and sentence, what stands in its way or was measured, and where it is from.
    private func drawDetails(in rect: Rect, on grid: inout Grid) {
        guard rect.height > 0, entries.indices.contains(selectedRow) else { return }
        let entry = entries[selectedRow]
        let width = max(1, rect.width - 2)
        let measured = entry.measured.map { measured in
            say("Measured on exact runs: \(measured.spec).")
        }
        var lines = Sentence.wrapped("\(entry.title): \(entry.summary)", width: width).map { ($0, look.theme.text) }
        let rest: [(String, Style)] = [
            entry.hindrance.map { ($0, look.theme.warning) } ?? measured.map { ($0, look.theme.good) },
            (entry.source, look.theme.dim),
        ].compactMap { $0 }
        let room = rect.height - 1
        lines = Array(lines.prefix(max(1, room - rest.count)))
        lines += rest.prefix(max(0, room - lines.count))
        grid.write(
            String(repeating: "╌", count: rect.width), x: rect.x, y: rect.y, style: look.theme.border, in: rect)
        for (index, line) in lines.enumerated() {
            grid.writeTruncated(
                line.0, x: rect.x + 1, y: rect.y + 1 + index, width: width, style: line.1, in: rect)
        }
    }

    /// What stands in the lower border: which lines are seen, and what the marks mean.
    package func footer(in rect: Rect) -> String {
        let height = frame(in: rect).rows.height
        let first = firstRow(height: height)
        let last = min(entries.count, first + height)
        let lines =
            last - first == entries.count
            ? say("\(entries.count.grouped) lines")
            : say("lines \((first + 1).grouped)–\(last.grouped) of \(entries.count.grouped)")
        return Sentence.fitting(
            [[lines], [say("● in force")], [say("+ in Loss")], [say("cache in bytes, state in numbers")]],
            width: rect.width - 4)
    }
}
