import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// Every method of the catalogue on a line, with what it costs on the model and the text at hand.
package struct CatalogueView: Sendable {
    /// In the order of the screen.
    let entries: [CatalogueEntry]
    let column: CatalogueColumn
    let isDescending: Bool
    /// The name of the selected one.
    let selected: String
    /// What entries must have, where some are left out by it.
    let filter: String
    let look: Look

    package init(
        entries: [CatalogueEntry], column: CatalogueColumn, isDescending: Bool = false, selected: String,
        filter: String = "", look: Look
    ) {
        self.entries = column.sorted(entries.filter { $0.has(letters: filter) }, descending: isDescending)
        (self.column, self.isDescending) = (column, isDescending)
        (self.selected, self.filter, self.look) = (selected, filter, look)
    }

    /// The place of the selected entry; the first where the filter leaves it out.
    package var selectedRow: Int { entries.firstIndex { $0.name == selected } ?? 0 }

    /// The name so many lines on; nil where nothing is listed.
    package func name(after steps: Int) -> String? {
        guard !entries.isEmpty else { return nil }
        return entries[min(max(0, selectedRow + min(max(steps, -100_000), 100_000)), entries.count - 1)].name
    }

    /// Where everything stands in a panel's content.
    struct Frame {
        let tabs: Rect
        /// The row of the columns' names; nil where there is no room.
        let titles: Int?
        let rows: Rect
        let details: Rect
    }

    func frame(in rect: Rect) -> Frame {
        let details = rect.height >= 20 ? 5 : rect.height >= 12 ? 3 : 0
        let hasTitles = rect.height >= 4
        let top = rect.y + (hasTitles ? 2 : 1)
        let height = max(0, rect.maxY - details - top)
        return Frame(
            tabs: Rect(x: rect.x, y: rect.y, width: rect.width, height: min(1, rect.height)),
            titles: hasTitles ? rect.y + 1 : nil,
            rows: Rect(x: rect.x, y: top, width: rect.width, height: height),
            details: Rect(x: rect.x, y: rect.maxY - details, width: rect.width, height: details))
    }

    /// Cells before the names that say what is in force and compared.
    static let marks = 3

    /// The columns that have room, with where they begin and what they take.
    func columns(in rect: Rect) -> [(column: CatalogueColumn, cells: Range<Int>)] {
        var room = rect.width - Self.marks
        let chosen = CatalogueColumn.ranking.filter { column in
            let needed = column.width + (column == .name ? 0 : 1)
            guard room >= needed else { return false }
            room -= needed
            return true
        }
        var x = rect.x + Self.marks
        return CatalogueColumn.allCases.filter(chosen.contains).map { column in
            let width: Int =
                switch column {
                // What is left is worth most for long names, then for sentences.
                case .name: column.width + (chosen.contains(.hindrance) ? min(room, 6) : room)
                case .hindrance: column.width + max(0, room - 6)
                case .kind, .year, .flops, .cache, .state, .loss, .kept, .error: column.width
                }
            defer { x += width + 1 }
            return (column, x..<x + width)
        }
    }

    func firstRow(height: Int) -> Int {
        guard height > 0 else { return 0 }
        return min(max(0, selectedRow - height / 2), max(0, entries.count - height))
    }

    package func page(atX x: Int, y: Int, in rect: Rect) -> CataloguePage? {
        y == rect.y ? CatalogueTabs(shown: .list).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// The column whose name stands there.
    package func column(atX x: Int, y: Int, in rect: Rect) -> CatalogueColumn? {
        guard frame(in: rect).titles == y else { return nil }
        return columns(in: rect).first { $0.cells.contains(x) }?.column
    }

    /// The name of the method on a row of the screen.
    package func name(atY y: Int, in rect: Rect) -> String? {
        let rows = frame(in: rect).rows
        let index = firstRow(height: rows.height) + y - rows.y
        return (rows.y..<rows.maxY).contains(y) && entries.indices.contains(index) ? entries[index].name : nil
    }
}
