import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// A map of single tokens, each as wide as a word: names on both axes, the weights in the cells.
extension MapView {
    func drawWords(_ image: MapImage, _ growth: MapGrowth, _ frame: MapLayout, in rect: Rect, on grid: inout Grid) {
        let rows = min(image.request.rows, frame.plot.height / growth.height)
        let columns = min(image.request.columns, frame.plot.width / growth.width)
        let row = cursor.flatMap { place($0, first: request.firstQuery, count: rows) }
        let column = anchor.flatMap { place($0, first: request.firstKey, count: columns) }
        for query in 0..<rows where request.firstQuery + query < tokens {
            drawQueryName(query, isCursor: query == row, growth, frame, in: rect, on: &grid)
            for key in 0..<columns where request.firstKey + key < tokens {
                let tile = Rect(
                    x: frame.plot.x + key * growth.width, y: frame.plot.y + query * growth.height, width: growth.width,
                    height: growth.height)
                draw(tile, of: image, row: query, column: key, isCross: query == row && key == column, on: &grid)
                if query == row { drawLine("─", in: tile, on: &grid) }
                if key == column, query < row ?? rows { drawLine("┊", in: tile, on: &grid) }
            }
        }
        for key in 0..<columns where request.firstKey + key < tokens {
            drawKeyName(key, isAnchor: key == column, growth, frame, on: &grid)
        }
        if recorded < tokens, let y = firstUnread(growth, frame, rows: rows) {
            grid.writeTruncated(
                say("read up to token \(recorded.grouped)"), x: frame.plot.x, y: y, width: frame.plot.width,
                style: look.theme.dim, in: rect)
        }
    }

    private func firstUnread(_ growth: MapGrowth, _ frame: MapLayout, rows: Int) -> Int? {
        let row = recorded - request.firstQuery
        return (0..<rows).contains(row) ? frame.plot.y + row * growth.height : nil
    }

    private func draw(
        _ tile: Rect, of image: MapImage, row: Int, column: Int, isCross: Bool, on grid: inout Grid
    ) {
        let value = image[row, column]
        guard !value.isNaN else { return }
        let mark = mark(row: row, column: column)
        let level = look.ramp.level(of: scale.position(of: value))
        let cell =
            switch mark {
            case Self.hidden?: MapOverlay.hiddenCell(look)
            case Self.differing?: Cell(text: "≠", style: look.theme.warning)
            default: look.ramp.cell(level: level)
            }
        for y in tile.y..<tile.maxY {
            for x in tile.x..<tile.maxX { grid.put(isCross ? Cell(text: " ", style: look.cursor) : cell, x: x, y: y) }
        }
        let style = isCross ? look.cursor : look.depth == .none ? Style.plain : look.ramp.style(level: level)
        let text = mark == nil ? Self.number(value, width: tile.width - 1) : ""
        let y = tile.y + (tile.height - 1) / 2
        if !text.isEmpty {
            // Without colours a shade on both sides keeps the number apart.
            let start = tile.x + (tile.width - CellWidth.of(text)) / 2
            grid.write(text, x: start, y: y, style: style, in: tile)
        } else if isCross {
            grid.write("┼", x: tile.x + tile.width / 2, y: y, style: style, in: tile)
        }
    }

    /// A weight as a cell has room for it; empty where there is none, or it would be 0.00.
    private static func number(_ value: Float, width: Int) -> String {
        let exact = Figures.weight(value)
        if exact.count <= width { return exact }
        guard value >= 0.005 else { return "" }
        let short = Figures.fixed(Double(value), 2)
        return short.count <= width ? short : ""
    }

    /// The cross-hair through what is empty.
    private func drawLine(_ glyph: String, in tile: Rect, on grid: inout Grid) {
        let cell = Cell(text: glyph, style: look.theme.dim)
        let isRow = glyph == "─"
        let middle = isRow ? tile.y + (tile.height - 1) / 2 : tile.x + tile.width / 2
        for place in isRow ? tile.x..<tile.maxX : tile.y..<tile.maxY {
            let (x, y) = isRow ? (place, middle) : (middle, place)
            if grid[x, y] == .blank { grid.put(cell, x: x, y: y) }
        }
    }

    private func drawQueryName(
        _ row: Int, isCursor: Bool, _ growth: MapGrowth, _ frame: MapLayout, in rect: Rect, on grid: inout Grid
    ) {
        let text = CellWidth.truncated(queryName(request.firstQuery + row), to: growth.names)
        let y = frame.plot.y + row * growth.height + (growth.height - 1) / 2
        let style = isCursor ? look.cursor : look.theme.text
        grid.write(text, x: frame.plot.x - 1 - CellWidth.of(text), y: y, style: style, in: rect)
    }

    private func drawKeyName(
        _ column: Int, isAnchor: Bool, _ growth: MapGrowth, _ frame: MapLayout, on grid: inout Grid
    ) {
        // Of two lines the upper one has every other name.
        let isRaised = growth.lines == 2 && column % 2 == 0
        let room = (growth.lines == 2 ? 2 : 1) * growth.width - 1
        let x = frame.plot.x + column * growth.width
        let text = CellWidth.truncated(keyName(request.firstKey + column), to: min(room, frame.plot.maxX - x))
        let style = isAnchor ? look.theme.anchor : look.theme.text
        let area = Rect(x: frame.plot.x, y: frame.plot.y - growth.lines, width: frame.plot.width, height: growth.lines)
        grid.write(text, x: x, y: frame.plot.y - (isRaised ? 2 : 1), style: style, in: area)
        if isRaised, grid[x, frame.plot.y - 1] == .blank {
            grid.write("╷", x: x, y: frame.plot.y - 1, style: look.theme.dim, in: area)
        }
    }
}
