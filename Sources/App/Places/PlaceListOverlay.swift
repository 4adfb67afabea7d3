import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// The list of places: a line each.
struct PlaceListOverlay {
    let list: PlaceList
    let size: Size

    private static let widest = 110

    /// With its border.
    var rect: Rect {
        let width = min(size.width, Self.widest)
        let height = min(max(0, size.height - 2), max(1, list.entries.count) + 2)
        return Rect(x: (size.width - width) / 2, y: 1, width: width, height: height)
    }

    private var firstRow: Int {
        let height = rect.inset().height
        return min(max(0, list.selected - height / 2), max(0, list.entries.count - height))
    }

    /// The entry at a place of the screen.
    func entry(atX x: Int, y: Int) -> Int? {
        let area = rect.inset()
        let index = firstRow + y - area.y
        return area.contains(x: x, y: y) && list.entries.indices.contains(index) ? index : nil
    }

    func draw(on grid: inout Grid, theme: Theme) {
        let area = rect.inset()
        grid.fill(rect)
        grid.box(
            rect, style: theme.focusedBorder, title: title, titleRight: facts,
            footer: say("Enter go there  Esc close"), focused: true)
        if list.entries.isEmpty {
            grid.writeTruncated(nothing, x: area.x + 1, y: area.y, width: area.width - 2, style: theme.dim, in: area)
        }
        for (row, entry) in list.entries.dropFirst(firstRow).prefix(area.height).enumerated() {
            draw(entry, y: area.y + row, isSelected: firstRow + row == list.selected, in: area, on: &grid, theme: theme)
        }
    }

    private var facts: String {
        let hidden = list.entries.count - firstRow - rect.inset().height
        return ListBox.facts(["Tab: \(list.kind.next.rawValue.said)"], hiddenBelow: hidden, above: firstRow)
    }

    private var title: String {
        let count = list.entries.count
        return switch list.kind {
        case .outline: say("Outline · \(count.grouped) headings")
        case .hits: say("Search · \(count.grouped) hits")
        case .marks: say("Marks · \(count.grouped)")
        case .notes: say("Notes · \(count.grouped)")
        }
    }

    private var nothing: String {
        switch list.kind {
        case .outline: say("No headings or definitions were found in the text.")
        case .hits: say("Nothing was found: / searches.")
        case .marks: say("No place is marked: \" and a letter marks one.")
        case .notes: say("Nothing is noted: ` notes something at the cursor.")
        }
    }

    private func draw(
        _ entry: PlaceList.Entry, y: Int, isSelected: Bool, in area: Rect, on grid: inout Grid, theme: Theme
    ) {
        let style = isSelected ? theme.selection : theme.text
        if isSelected { grid.fill(Rect(x: area.x, y: y, width: area.width, height: 1), style: style) }
        var x = area.x + 1 + 2 * min(entry.level, 12)
        if !entry.name.isEmpty {
            x = grid.write(entry.name, x: x, y: y, style: isSelected ? style : theme.key, in: area) + 2
        }
        grid.writeTruncated(entry.text, x: x, y: y, width: max(0, area.maxX - 1 - x), style: style, in: area)
    }
}
