import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods

/// The tiles of a map on a part of the screen: a tile is one cell or two, or many share a cell.
struct TileBoard {
    let walk: TileWalk
    /// The tile that is being worked on, by its place in the walk.
    let step: Int
    let rows: Int
    let columns: Int
    /// Cells of the screen that one of the board has.
    let cellWidth: Int
    let cellHeight: Int

    init(_ walk: TileWalk, step: Int, width: Int, height: Int) {
        (self.walk, self.step) = (walk, step)
        let (rows, columns) = (walk.grid.rows, walk.grid.columns)
        self.rows = max(0, min(rows, height))
        cellHeight = max(1, min(height / max(1, rows), width / max(1, 2 * columns), Self.largest))
        cellWidth = columns * 2 * cellHeight <= width ? 2 * cellHeight : 1
        self.columns = max(0, min(columns, width))
    }

    /// Rows of the screen that a tile has at most: larger ones say no more.
    private static let largest = 3

    var width: Int { columns * cellWidth }
    var height: Int { rows * cellHeight }
    /// Whether every cell is one tile.
    var isWhole: Bool { rows == walk.grid.rows && columns == walk.grid.columns }

    enum State: Equatable {
        case skipped, toCome, begun, done, current
    }

    struct Place {
        let state: State
        /// Whether the mask hides a part of all that is computed there.
        let isPartial: Bool
        let queries: Range<Int>
        let keys: Range<Int>
    }

    private func part(_ index: Int, _ shown: Int, of count: Int) -> Range<Int> {
        let first = index * count / shown
        return first..<max(first + 1, (index + 1) * count / shown)
    }

    /// The tiles of a cell.
    func tiles(row: Int, column: Int) -> (rows: Range<Int>, columns: Range<Int>) {
        (part(row, rows, of: walk.grid.rows), part(column, columns, of: walk.grid.columns))
    }

    /// The cell of a tile.
    func cell(of tile: TileWalk.Tile) -> (row: Int, column: Int) {
        func place(_ index: Int, _ shown: Int, _ count: Int) -> Int {
            min(shown - 1, ((index + 1) * shown - 1) / max(1, count))
        }
        return (place(tile.row, rows, walk.grid.rows), place(tile.column, columns, walk.grid.columns))
    }

    /// When a tile comes, of all tiles that there are.
    private func order(_ row: Int, _ column: Int) -> Int {
        walk.version == .first ? column * walk.grid.rows + row : row * walk.grid.columns + column
    }

    func place(row: Int, column: Int) -> Place {
        let (rows, columns) = tiles(row: row, column: column)
        let now = walk.tiles.indices.contains(step) ? walk.tiles[step] : nil
        let last = now.map { order($0.row, $0.column) } ?? -1
        var (visited, done, partial) = (0, 0, 0)
        var isCurrent = false
        for row in rows {
            for column in columns {
                let kind = walk.grid.kind(row: row, column: column)
                guard kind != .empty else { continue }
                visited += 1
                if kind == .partial { partial += 1 }
                if order(row, column) <= last { done += 1 }
                if now == TileWalk.Tile(row: row, column: column) { isCurrent = true }
            }
        }
        let sizes = walk.grid.sizes
        let queries =
            sizes.queries(ofRow: rows.lowerBound, of: walk.grid.queries)
            .lowerBound..<sizes.queries(ofRow: rows.upperBound - 1, of: walk.grid.queries).upperBound
        let keys =
            sizes.keys(ofColumn: columns.lowerBound, of: walk.grid.keys)
            .lowerBound..<sizes.keys(ofColumn: columns.upperBound - 1, of: walk.grid.keys).upperBound
        let state: State =
            isCurrent
            ? .current : visited == 0 ? .skipped : done == visited ? .done : done > 0 ? .begun : .toCome
        return Place(state: state, isPartial: partial == visited, queries: queries, keys: keys)
    }
}
