import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension TilesView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let frame = frame(in: rect)
        IOTabs(shown: .tiles).draw(in: frame.tabs, theme: look.theme, on: &grid)
        if rect.height >= 2 {
            let text = Sentence.fitting(sizes, width: rect.width)
            grid.write(text, x: rect.x, y: frame.sizes, style: look.theme.dim, in: rect)
        }
        drawBoard(frame, in: rect, on: &grid)
        if let legend = frame.legend { drawLegend(in: legend, on: &grid) }
        drawTable(in: frame.table, on: &grid)
        drawBars(in: frame.bars, on: &grid)
    }

    private var sizes: [[String]] {
        let grid = walk.grid
        let order = walk.version == .first ? say("keys outside (version 1)") : say("queries outside (version 2)")
        return [
            [
                say("tiles of \(grid.sizes.rows.grouped) queries × \(grid.sizes.columns.grouped) keys"),
                "\(grid.sizes.rows.grouped) × \(grid.sizes.columns.grouped)",
            ],
            [say("fast memory M \(fastMemory.grouped) numbers"), "M \(fastMemory.grouped)"], [order],
        ]
    }

    private func drawBoard(_ frame: Frame, in rect: Rect, on grid: inout Grid) {
        let board = board(frame)
        let here = board.cell(of: TileWalk.Tile(row: cursorRow, column: 0)).row
        for row in 0..<board.rows {
            let y = frame.board.y + row * board.cellHeight
            if row == here { grid.write("▸", x: frame.board.x, y: y, style: look.theme.key, in: rect) }
            for column in 0..<board.columns {
                let (text, style) = cell(board.place(row: row, column: column))
                let area = Rect(
                    x: frame.board.x + 1 + column * board.cellWidth, y: y, width: board.cellWidth,
                    height: board.cellHeight
                ).intersection(rect)
                for y in area.y..<area.maxY {
                    for x in area.x..<area.maxX { grid.put(Cell(text: text, style: style), x: x, y: y) }
                }
            }
        }
    }

    /// A cell of the board: what is done has the colour of its highest weight.
    private func cell(_ place: TileBoard.Place) -> (String, Style) {
        switch place.state {
        case .current: return ("◆", look.cursor)
        case .skipped: return ("×", Style(foreground: look.theme.hiddenStroke))
        case .toCome: return ("·", look.theme.dim)
        case .begun, .done:
            let level = look.ramp.level(of: scale.position(of: highest(place)))
            let mark = place.state == .begun ? "░" : place.isPartial ? "/" : nil
            if look.depth == .none { return (mark ?? (level == 0 ? "▁" : look.ramp.glyph(level: level)), .plain) }
            return (mark ?? " ", look.ramp.style(level: level))
        }
    }

    /// The highest weight of the map's cells that a place reaches into.
    private func highest(_ place: TileBoard.Place) -> Float {
        guard let image, image.cell > 0, !place.queries.isEmpty, !place.keys.isEmpty else { return 0 }
        var highest: Float = 0
        for row in place.queries.lowerBound / image.cell...(place.queries.upperBound - 1) / image.cell {
            for column in place.keys.lowerBound / image.cell...(place.keys.upperBound - 1) / image.cell {
                let value = image[row, column]
                if value > highest { highest = value }
            }
        }
        return highest
    }

    private func drawLegend(in rect: Rect, on grid: inout Grid) {
        let parts = [
            say("◆ now"), say("· to come"), say("× skipped: hidden"), say("/ in part hidden"), say("▸ cursor's row"),
            say("colour: highest weight"),
        ]
        var (x, y) = (rect.x, rect.y)
        for part in parts {
            let width = CellWidth.of(part)
            if x > rect.x, x + width > rect.maxX { (x, y) = (rect.x, y + 1) }
            guard x + width <= rect.maxX, y < rect.maxY else { break }
            x = grid.write(part, x: x, y: y, style: look.theme.dim, in: rect) + 2
        }
    }

    /// Bytes of both ways, so far and in all.
    private func drawBars(in rect: Rect, on grid: inout Grid) {
        let all = walk.standard
        let (moved, total) = (walk.moved(after: step + 1), walk.traffic.total)
        let closed = TileTraffic(queries: walk.grid.queries, keys: walk.grid.keys, dimension: walk.dimension)
            .flash(walk.version, walk.grid.sizes)
        func bytes(_ numbers: Int) -> String { IOFigures.bytes(numbers * Self.numberBytes) }
        let ratio = Figures.fixed(Double(all) / Double(max(1, total)), 1)
        let lines: [(String, Int, [[String]])] = [
            (say("standard"), all, [[bytes(all)], [say("4Nd + 4N² numbers")]]),
            (
                say("so far"), moved,
                [[say("\(bytes(moved)) of \(bytes(total))"), bytes(moved)], [say("\(ratio) × fewer in all")]]
            ),
            (say("formula"), closed, [[bytes(closed)], [say("no tile skipped")], [say("16-bit numbers")]]),
        ]
        let width = min(30, max(6, rect.width / 4))
        let label = max(8, lines.map { CellWidth.of($0.0) }.max() ?? 0)
        let shown = rect.height == 1 ? lines[1..<2] : lines.prefix(rect.height)
        for (index, line) in zip(shown.indices, shown) {
            let y = rect.y + index - shown.startIndex
            grid.write(line.0, x: rect.x, y: y, style: look.theme.text, in: rect)
            let share = Double(line.1) / Double(max(1, max(all, closed)))
            grid.write(
                Bar.line(share, width: width), x: rect.x + label + 1, y: y,
                style: index == 0 ? look.theme.warning : index == 1 ? look.theme.good : look.theme.dim, in: rect)
            let x = rect.x + label + width + 2
            grid.write(
                Sentence.fitting(line.2, width: rect.maxX - x), x: x, y: y, style: look.theme.text, in: rect)
        }
    }
}
