import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// The effective distances of a method in the window of the attention map: as light as they are long.
package struct DistanceMapView: Sendable {
    package let image: MapImage
    package let encoding: PositionEncoding?
    package let cursor: Int
    package let anchor: Int?
    /// Tokens of the trained window.
    package let window: Int
    package let title: String
    package let look: Look
    /// Where a selection takes keys to other places: what is said of the cursor and its key; nil elsewhere.
    package var selection: String?

    package init(
        image: MapImage, encoding: PositionEncoding?, cursor: Int, anchor: Int?, window: Int, title: String, look: Look
    ) {
        self.image = image
        self.encoding = encoding
        self.cursor = cursor
        self.anchor = anchor
        self.window = window
        self.title = title
        self.look = look
    }

    /// What stands in the upper border.
    package var facts: String { say("effective distances · \(title)") }

    /// What stands in the lower border: the numbers at the cursor.
    package var footer: String {
        guard let encoding, let anchor, anchor <= cursor else {
            return say("brightest: \(Figures.count(window, "token")) and more")
        }
        if let selection { return selection }
        let piece = encoding.pieces[encoding.piece(query: cursor, key: anchor)]
        let distance = piece.effectiveDistance(query: cursor, key: anchor)
        let number = Figures.fixed(distance, distance == distance.rounded() ? 0 : 2)
        let name = encoding.pieces.count > 1 ? " (\(piece.name))" : ""
        return say("g(\(cursor.grouped), \(anchor.grouped)) = \(number)\(name) · true ")
            + (cursor - anchor).grouped
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        let frame = MapLayout(rect, depth: look.depth)
        guard frame.plot.width > 0, frame.plot.height > 0 else { return }
        let rows = image.request.rows
        for line in 0..<frame.plot.height {
            let row = line * frame.rowsPerCell
            guard row < rows else { break }
            for column in 0..<min(frame.plot.width, image.request.columns) {
                let upper = level(row, column)
                let lower = frame.rowsPerCell == 2 ? row + 1 < rows ? level(row + 1, column) : nil : upper
                guard let cell = cell(upper, lower) else { continue }
                grid.put(cell, x: frame.plot.x + column, y: frame.plot.y + line)
            }
        }
        drawCross(frame, on: &grid)
        if let legend = frame.legend { drawLegend(y: legend, in: rect, on: &grid) }
    }

    /// A level of the ramp: the distance as a share of the trained window; nil above the diagonal.
    private func level(_ row: Int, _ column: Int) -> Int? {
        let value = image[row, column]
        return value.isNaN ? nil : look.ramp.level(of: min(1, value / Float(max(1, window))))
    }

    private func cell(_ upper: Int?, _ lower: Int?) -> Cell? {
        switch (upper, lower) {
        case (nil, nil): return nil
        case (let upper?, let lower?): return look.ramp.cell(upper: upper, lower: lower)
        case (let one, let other):
            guard let level = one ?? other else { return nil }
            guard look.depth != .none else { return look.ramp.cell(upper: level, lower: level) }
            return Cell(text: one != nil ? "▀" : "▄", style: Style(foreground: look.ramp.colours[level]))
        }
    }

    private func drawCross(_ frame: MapLayout, on grid: inout Grid) {
        let request = image.request
        let row = (cursor - request.firstQuery) / request.cell
        guard cursor >= request.firstQuery, row < request.rows, let anchor, anchor >= request.firstKey else { return }
        let column = (anchor - request.firstKey) / request.cell
        let (x, y) = (frame.plot.x + column, frame.plot.y + row / frame.rowsPerCell)
        if frame.plot.contains(x: x, y: y) { grid.put(Cell(text: "┼", style: look.cursor), x: x, y: y) }
    }

    private func drawLegend(y: Int, in rect: Rect, on grid: inout Grid) {
        let dim = look.theme.dim
        var x = grid.write("0 ", x: rect.x, y: y, style: dim, in: rect)
        let levels = look.ramp.count
        let cells = max(0, min(levels, 12, rect.maxX - x))
        for index in 0..<cells {
            grid.put(look.ramp.cell(level: index * (levels - 1) / max(1, cells - 1)), x: x + index, y: y)
        }
        x += cells
        let more = say("\(Figures.count(window, "token")) and more")
        let text = Sentence.fitting(
            [[say("\(more): further than in training"), say("\(more): untrained"), more, "\(window.grouped)"]],
            width: rect.maxX - x - 1)
        grid.write(text, x: x + 1, y: y, style: dim, in: rect)
    }
}
