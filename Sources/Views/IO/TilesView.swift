import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// How FlashAttention goes through the map of a head, and what that does to one row.
package struct TilesView: Sendable {
    let walk: TileWalk
    /// The tile that is being worked on, by its place in the walk.
    let step: Int
    /// The cursor's row; nil where it is not known yet.
    let row: TileRow?
    let cursor: Int
    /// The whole map in coarse cells; nil where it is not known yet.
    let image: MapImage?
    let scale: Scale
    let fastMemory: Int
    let look: Look

    /// Bytes of a number, as engines keep them on a device.
    static let numberBytes = 2

    package init(
        walk: TileWalk, step: Int, row: TileRow?, cursor: Int, image: MapImage?, scale: Scale, fastMemory: Int,
        look: Look
    ) {
        (self.walk, self.row, self.cursor) = (walk, row, cursor)
        self.step = min(max(0, step), max(0, walk.tiles.count - 1))
        (self.image, self.scale, self.fastMemory, self.look) = (image, scale, fastMemory, look)
    }

    /// The tile that is being worked on; nil where the mask empties all.
    var tile: TileWalk.Tile? { walk.tiles.indices.contains(step) ? walk.tiles[step] : nil }

    /// The row of tiles that has the cursor.
    var cursorRow: Int { cursor / walk.grid.sizes.rows }

    /// Whether a tile of the cursor's row has been worked on.
    func isDone(column: Int) -> Bool {
        guard let tile else { return false }
        return walk.version == .first
            ? (column, cursorRow) <= (tile.column, tile.row) : (cursorRow, column) <= (tile.row, tile.column)
    }

    /// Where everything stands in a panel's content.
    struct Frame {
        let tabs: Rect
        let sizes: Int
        let board: Rect
        /// What the signs mean; nil where there is no room.
        let legend: Rect?
        let table: Rect
        let bars: Rect
    }

    func frame(in rect: Rect) -> Frame {
        let bars = rect.height >= 14 ? 3 : rect.height >= 8 ? 2 : rect.height >= 6 ? 1 : 0
        let top = rect.y + 2
        let height = max(0, rect.height - 2 - bars)
        let isBeside = rect.width >= 64
        let wanted = TileBoard(
            walk, step: step, width: max(1, isBeside ? rect.width / 2 - 3 : rect.width - 2), height: max(1, height)
        )
        let boardHeight = isBeside ? height : min(wanted.height + 1, max(1, height / 2))
        let hasLegend = boardHeight >= 4
        let board = Rect(
            x: rect.x, y: top, width: wanted.width + 2, height: max(0, boardHeight - (hasLegend ? 1 : 0)))
        let table =
            isBeside
            ? Rect(x: board.maxX + 1, y: top, width: rect.maxX - board.maxX - 1, height: height)
            : Rect(x: rect.x, y: top + boardHeight, width: rect.width, height: height - boardHeight)
        return Frame(
            tabs: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), sizes: rect.y + 1, board: board,
            legend: hasLegend
                ? Rect(
                    x: rect.x, y: min(board.maxY, board.y + wanted.height),
                    width: isBeside ? board.maxX - rect.x : rect.width,
                    height: board.y + boardHeight - min(board.maxY, board.y + wanted.height))
                : nil, table: table,
            bars: Rect(x: rect.x, y: rect.maxY - bars, width: rect.width, height: bars))
    }

    func board(_ frame: Frame) -> TileBoard {
        TileBoard(walk, step: step, width: max(1, frame.board.width - 2), height: max(1, frame.board.height))
    }

    /// The page whose name stands there.
    package func page(atX x: Int, y: Int, in rect: Rect) -> IOPage? {
        y == rect.y ? IOTabs(shown: .tiles).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// The place in the walk of the tile that stands there; of several the first that is visited.
    package func step(atX x: Int, y: Int, in rect: Rect) -> Int? {
        let frame = frame(in: rect)
        let board = board(frame)
        let (row, column) = (y - frame.board.y, x - frame.board.x - 1)
        guard (0..<board.height).contains(row), column >= 0, column < board.width else { return nil }
        let tiles = board.tiles(row: row / board.cellHeight, column: column / board.cellWidth)
        return walk.tiles.firstIndex { tiles.rows.contains($0.row) && tiles.columns.contains($0.column) }
    }

    /// What stands in the upper border.
    package var facts: [[String]] {
        let grid = walk.grid
        return [
            [
                say("tile \((step + 1).grouped) of \(grid.visited.grouped), \(grid.skipped.grouped) skipped"),
                say("tile \((step + 1).grouped) of \(grid.visited.grouped)"),
            ]
        ]
    }
}
