import RopewalkCellGrid
import RopewalkPhrases

/// A list in the middle of the screen: a line each, with what is known of it at the right.
struct ListBox {
    struct Row {
        let text: String
        let facts: String
        /// Whether it cannot be taken, or is what is there already.
        var isWeak = false
    }

    let title: String
    /// At the right of the upper border.
    var note = ""
    /// What keys do.
    let footer: String
    let rows: [Row]
    let selected: Int
    let size: Size

    private static let widest = 110

    /// With its border.
    var rect: Rect {
        let width = min(size.width, Self.widest)
        let height = min(max(0, size.height - 2), max(1, rows.count) + 2)
        return Rect(x: (size.width - width) / 2, y: 1, width: width, height: height)
    }

    private var firstRow: Int {
        let height = rect.inset().height
        return min(max(0, selected - height / 2), max(0, rows.count - height))
    }

    /// What is known of the list, and how many lines it has no room for.
    private var facts: String {
        let hidden = rows.count - firstRow - rect.inset().height
        return Self.facts([note], hiddenBelow: hidden, above: firstRow)
    }

    static func facts(_ notes: [String], hiddenBelow below: Int, above: Int) -> String {
        let hidden = [above > 0 ? say("\(above) more above") : "", below > 0 ? say("\(below) more below") : ""]
        return (notes + hidden).filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// The entry at a place of the screen.
    func entry(atX x: Int, y: Int) -> Int? {
        let area = rect.inset()
        let index = firstRow + y - area.y
        return area.contains(x: x, y: y) && rows.indices.contains(index) ? index : nil
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let area = rect.inset()
        grid.fill(rect)
        grid.box(
            rect, style: theme.focusedBorder, title: title, titleRight: facts.isEmpty ? nil : facts, footer: footer,
            focused: true)
        for (line, row) in rows.dropFirst(firstRow).prefix(area.height).enumerated() {
            draw(row, y: area.y + line, isSelected: firstRow + line == selected, in: area, on: &grid, theme: theme)
        }
    }

    private func draw(
        _ row: Row, y: Int, isSelected: Bool, in area: Rect, on grid: inout Grid, theme: Theme
    ) {
        let style = isSelected ? theme.selection : row.isWeak ? theme.dim : theme.text
        if isSelected { grid.fill(Rect(x: area.x, y: y, width: area.width, height: 1), style: style) }
        // What is known is worth more than the end of a long name.
        let room = max(area.width / 3, area.width - 4 - CellWidth.of(row.facts))
        let end = grid.writeTruncated(row.text, x: area.x + 1, y: y, width: room, style: style, in: area)
        grid.writeRight(
            row.facts, endX: area.maxX - 1, y: y, width: max(0, area.maxX - 3 - end),
            style: isSelected ? style : theme.dim, in: area)
    }
}
