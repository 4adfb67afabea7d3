import RopewalkCellGrid

/// Lines over two axes, drawn with eight dots a cell, several with their symbols here and there; with a symbol a cell where there are
/// no colours.
struct LineChart {
    struct Point {
        let x: Double
        let y: Double
    }

    struct Series {
        let points: [Point]
        let ink: SeriesInk
    }

    /// A line across the plot.
    struct Mark {
        let value: Double
        let label: String
    }

    let x: ChartAxis
    let y: ChartAxis
    /// The last one lies on top.
    let series: [Series]
    var verticals: [Mark] = []
    var horizontals: [Mark] = []
    let xText: (Double) -> String
    let yText: (Double) -> String
    let look: Look

    private static let axisWidth = 7

    func draw(in rect: Rect, on grid: inout Grid) {
        let margin = rect.width >= 24 ? Self.axisWidth : 0
        let below = rect.height >= 4 ? 1 : 0
        let plot = Rect(
            x: rect.x + margin, y: rect.y, width: max(0, rect.width - margin), height: max(0, rect.height - below))
        guard plot.width > 1, plot.height > 0 else { return }
        drawMarks(plot, on: &grid)
        if look.depth == .none { drawSymbols(plot, on: &grid) } else { drawDots(plot, on: &grid) }
        drawLabels(plot, on: &grid)
        if margin > 0 { drawVerticalAxis(plot, in: rect, on: &grid) }
        if below > 0 { drawHorizontalAxis(plot, in: rect, on: &grid) }
    }

    /// The column of cells of a value; nil outside of the plot.
    private func column(_ value: Double, _ plot: Rect) -> Int? {
        guard let place = x.place(value), place >= 0, place <= 1 else { return nil }
        return plot.x + min(plot.width - 1, Int(place * Double(plot.width)))
    }

    private func row(_ value: Double, _ plot: Rect) -> Int? {
        guard let place = y.place(value), place >= 0, place <= 1 else { return nil }
        return plot.maxY - 1 - min(plot.height - 1, Int(place * Double(plot.height)))
    }

    private func drawMarks(_ plot: Rect, on grid: inout Grid) {
        for mark in horizontals {
            guard let y = row(mark.value, plot) else { continue }
            grid.write(String(repeating: "╌", count: plot.width), x: plot.x, y: y, style: look.theme.dim, in: plot)
        }
        for mark in verticals {
            guard let x = column(mark.value, plot) else { continue }
            for y in plot.y..<plot.maxY { grid.write("┊", x: x, y: y, style: look.theme.dim, in: plot) }
        }
    }

    /// Names of the marks, where no line runs.
    private func drawLabels(_ plot: Rect, on grid: inout Grid) {
        for mark in verticals {
            guard let x = column(mark.value, plot) else { continue }
            let rows = plot.y..<min(plot.maxY, plot.y + 3)
            write(mark.label, starts: [x + 1, x - CellWidth.of(mark.label)], rows: rows, plot, on: &grid)
        }
        for mark in horizontals {
            guard let y = row(mark.value, plot) else { continue }
            let starts = [plot.maxX - CellWidth.of(mark.label), plot.x + 1]
            write(mark.label, starts: starts, rows: y..<y + 1, plot, on: &grid)
        }
    }

    /// At the first of these places that no line runs through.
    private func write(_ text: String, starts: [Int], rows: Range<Int>, _ plot: Rect, on grid: inout Grid) {
        let width = CellWidth.of(text)
        for y in rows {
            for start in starts where start >= plot.x && start + width <= plot.maxX {
                guard (start..<start + width).allSatisfy({ [" ", "╌", "┊"].contains(grid[$0, y].text) }) else {
                    continue
                }
                grid.write(text, x: start, y: y, style: look.theme.dim, in: plot)
                return
            }
        }
    }

    private func drawDots(_ plot: Rect, on grid: inout Grid) {
        var bits = [UInt8](repeating: 0, count: plot.width * plot.height)
        var lines = [[Int]](repeating: [], count: bits.count)
        for (index, line) in series.enumerated() {
            trace(line, columns: plot.width * 2, rows: plot.height * 4) { x, y in
                let cell = y / 4 * plot.width + x / 2
                bits[cell] |= Self.dots[y % 4][x % 2]
                if lines[cell].last != index { lines[cell].append(index) }
            }
        }
        for (index, value) in bits.enumerated() where value != 0 {
            let column = index % plot.width
            // Where lines lie on each other they take turns, without gaps; alone a line has its own.
            let ink = series[lines[index][column % lines[index].count]].ink
            let shown = lines[index].count > 1 ? value : value & Self.mask(ink, column: column)
            guard shown != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(shown)) else { continue }
            let cell = Cell(text: String(Character(scalar)), style: ink.style)
            grid.put(cell, x: plot.x + column, y: plot.y + index / plot.width)
        }
        drawMarks(lines, plot, on: &grid)
    }

    /// The symbols of several lines, each at places of its own, so that none is told apart by its colour or its dashes alone.
    /// - Parameter lines: which ones run through a cell. [row · column]
    private func drawMarks(_ lines: [[Int]], _ plot: Rect, on grid: inout Grid) {
        let drawn = series.indices.filter { !series[$0].points.isEmpty }
        guard drawn.count > 1 else { return }
        var rows = [[Int?]](repeating: [Int?](repeating: nil, count: plot.width), count: series.count)
        for (cell, here) in lines.enumerated() {
            for index in here where rows[index][cell % plot.width] == nil {
                rows[index][cell % plot.width] = cell / plot.width
            }
        }
        // Some six cells are left between two of them.
        let steps = max(1, min(5, plot.width / (6 * drawn.count)))
        for (place, index) in drawn.enumerated() {
            var columns = (0..<steps).map { step in
                (step * drawn.count + place) * plot.width / (steps * drawn.count)
                    + plot.width / (2 * steps * drawn.count)
            }.filter { $0 < plot.width && rows[index][$0] != nil }
            if columns.isEmpty {
                let own = rows[index].indices.filter { rows[index][$0] != nil }
                columns = own.isEmpty ? [] : [own[(2 * place + 1) * own.count / (2 * drawn.count)]]
            }
            let ink = series[index].ink
            for column in columns {
                guard let row = rows[index][column] else { continue }
                grid.write(ink.symbol, x: plot.x + column, y: plot.y + row, style: ink.style, in: plot)
            }
        }
    }

    /// The dots of a cell's two columns that dashes leave.
    private static func mask(_ ink: SeriesInk, column: Int) -> UInt8 {
        (0..<2).reduce(0) { mask, side in
            ink.isDrawn(column: 2 * column + side) ? dots.reduce(mask) { $0 | $1[side] } : mask
        }
    }

    /// The bits of a braille character, [row of dots][column of dots].
    private static let dots: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    private func drawSymbols(_ plot: Rect, on grid: inout Grid) {
        var lines = [[Int]](repeating: [], count: plot.width * plot.height)
        for (index, line) in series.enumerated() {
            trace(line, columns: plot.width, rows: plot.height) { x, y in
                if lines[y * plot.width + x].last != index { lines[y * plot.width + x].append(index) }
            }
        }
        for (index, here) in lines.enumerated() where !here.isEmpty {
            let (x, y) = (index % plot.width, index / plot.width)
            let ink = series[here[x % here.count]].ink
            grid.write(ink.symbol, x: plot.x + x, y: plot.y + y, style: ink.style, in: plot)
        }
    }

    /// Calls `put` for every dot of a line; dots of one column reach up to those of the column before.
    private func trace(_ line: Series, columns: Int, rows: Int, put: (Int, Int) -> Void) {
        var next = 0
        var last: Int?
        for column in 0..<columns {
            let at = x.value(at: (Double(column) + 0.5) / Double(columns))
            while next < line.points.count, line.points[next].x < at { next += 1 }
            guard let value = value(of: line, at: at, next: next), let place = y.place(value) else {
                last = nil
                continue
            }
            let row = rows - 1 - Int((min(max(0, place), 1) * Double(rows - 1)).rounded())
            // What lies outside of the axis is not drawn at its edge.
            guard place > -0.02, place < 1.02 else {
                last = nil
                continue
            }
            let from = last.map { min(max($0, row - rows), row + rows) } ?? row
            for y in min(from, row)...max(from, row) where y == row || y != from { put(column, y) }
            last = row
        }
    }

    /// The line between the points around a place; nil before the first and after the last.
    private func value(of line: Series, at: Double, next: Int) -> Double? {
        guard next < line.points.count else { return nil }
        let after = line.points[next]
        guard next > 0 else { return after.x == at ? after.y : nil }
        let before = line.points[next - 1]
        guard before.y.isFinite, after.y.isFinite, after.x > before.x else { return nil }
        return before.y + (after.y - before.y) * (at - before.x) / (after.x - before.x)
    }

    private func drawVerticalAxis(_ plot: Rect, in rect: Rect, on grid: inout Grid) {
        var free = plot.y
        // One value alone says nothing of the scale.
        let count = max(2, plot.height / 3)
        let ticks = (count...count + 3).lazy.map(y.ticks).first { $0.count > 1 } ?? y.ticks(count)
        for tick in ticks.reversed() {
            guard let row = row(tick, plot), row >= free else { continue }
            grid.writeRight(
                yText(tick) + " ┤", endX: plot.x, y: row, width: Self.axisWidth, style: look.theme.dim, in: rect)
            free = row + 2
        }
    }

    private func drawHorizontalAxis(_ plot: Rect, in rect: Rect, on grid: inout Grid) {
        var free = plot.x
        for tick in x.ticks(max(1, plot.width / 12)) {
            let text = "╵" + xText(tick)
            guard let column = column(tick, plot), column >= free, column + CellWidth.of(text) <= plot.maxX else {
                continue
            }
            grid.write(text, x: column, y: plot.maxY, style: look.theme.dim, in: rect)
            free = column + CellWidth.of(text) + 1
        }
    }
}
