import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension MapView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        let frame = MapLayout(rect, depth: look.depth, growth: growth)
        guard frame.plot.width > 0, frame.plot.height > 0 else { return }
        guard let image, image.values.count == image.request.rows * image.request.columns else {
            let notice =
                recorded == 0
                ? say("The map fills in while the model reads the text.") : say("This part of the map is not read yet.")
            return grid.writeNotice(notice, in: rect, style: look.theme.dim)
        }
        if let growth {
            drawWords(image, growth, frame, in: rect, on: &grid)
        } else {
            drawPlot(image, frame, on: &grid)
            drawUnread(frame, in: rect, on: &grid)
            drawAxes(frame, in: rect, on: &grid)
            drawCross(image, frame, on: &grid)
        }
        if let legend = frame.legend { drawLegend(y: legend, in: rect, on: &grid) }
    }

    /// What stands in the border: what a cell is and how it was pooled.
    package var facts: String {
        let size = request.cell == 1 ? say("1 cell = 1 token") : say("1 cell = \(request.cell.grouped)² tokens")
        return "\(request.pooling.rawValue.said) · \(scale.kind.label) · \(size)"
    }

    /// What stands in the lower border: queries and keys of the window, and the value where cursor and anchor meet.
    package var footer: String { footer(width: .max) }

    /// The same in at most `width` cells: numbers are never cut, the arrows alone say what they are of.
    package func footer(width: Int) -> String {
        guard tokens > 0 else { return "" }
        let windows = [
            window(queries: axes.queries.said + " ", keys: axes.keys.said + " "), window(queries: "", keys: ""),
        ]
        let short = CellWidth.of(windows[0]) <= width ? windows[0] : windows[1]
        guard let value = meeting else { return short }
        let fitting = Sentence.fitting([windows, ["┼ \(value)"]], width: width)
        return fitting.isEmpty ? short : fitting
    }

    private func window(queries: String, keys: String) -> String {
        func span(_ first: Int, _ cells: Int) -> String {
            let last = max(first, min(tokens, first + cells * request.cell) - 1)
            return "\(first.grouped)–\(last.grouped)"
        }
        return "\(queries)↓ \(span(request.firstQuery, request.rows))"
            + " · \(keys)→ \(span(request.firstKey, request.columns))"
    }

    /// The value of the cell where cursor and anchor meet, with how it was pooled; nil where there is none.
    private var meeting: String? {
        guard let image, image.values.count == image.request.rows * image.request.columns, let cursor, let anchor,
            let row = place(cursor, first: request.firstQuery, count: request.rows),
            let column = place(anchor, first: request.firstKey, count: request.columns)
        else { return nil }
        let value = image[row, column]
        if value.isNaN || mark(row: row, column: column) == Self.hidden { return nil }
        return (request.cell == 1 ? "" : request.pooling.rawValue.said + " ") + Figures.weight(value)
    }

    private func drawPlot(_ image: MapImage, _ frame: MapLayout, on grid: inout Grid) {
        let columns = min(image.request.columns, frame.plot.width)
        var upper = [Int](repeating: -1, count: columns)
        var lower = upper
        let lines = (image.request.rows + frame.rowsPerCell - 1) / frame.rowsPerCell
        for line in 0..<min(lines, frame.plot.height) {
            let row = line * frame.rowsPerCell
            fill(&upper, row: row, image)
            if frame.rowsPerCell == 2 { fill(&lower, row: row + 1, image) } else { lower = upper }
            for column in 0..<columns {
                let cell = cell(upper: upper[column], lower: lower[column])
                if let cell { grid.put(cell, x: frame.plot.x + column, y: frame.plot.y + line) }
            }
        }
    }

    /// Levels that are none: nothing to be shown, and hidden by the mask.
    private static let nothing = -1
    static let hidden = -2
    /// Two masks differ.
    static let differing = -3

    /// The levels of one row of the map.
    private func fill(_ levels: inout [Int], row: Int, _ image: MapImage) {
        guard row < image.request.rows else {
            for column in levels.indices { levels[column] = Self.nothing }
            return
        }
        for column in levels.indices {
            let value = image[row, column]
            if value.isNaN {
                levels[column] = Self.nothing
            } else if let mark = mark(row: row, column: column) {
                levels[column] = mark
            } else {
                levels[column] = look.ramp.level(of: scale.position(of: value))
            }
        }
    }

    /// What the overlay makes of a cell; nil where it leaves it as it is.
    func mark(row: Int, column: Int) -> Int? {
        let place = row * request.columns + column
        guard let overlay, overlay.shares.densities.indices.contains(place) else { return nil }
        let share = overlay.shares.densities[place]
        switch overlay {
        case .hides: return share > 0 ? nil : Self.hidden
        case .differs(_, let first):
            if share > 0 { return Self.differing }
            guard let first, first.densities.indices.contains(place) else { return nil }
            return first.densities[place] > 0 ? nil : Self.hidden
        }
    }

    private func cell(upper: Int, lower: Int) -> Cell? {
        if upper >= 0, lower >= 0 { return look.ramp.cell(upper: upper, lower: lower) }
        if upper == Self.differing || lower == Self.differing {
            return Cell(text: "≠", style: look.theme.warning)
        }
        if upper < 0, lower < 0 {
            let isHidden = upper == Self.hidden || lower == Self.hidden
            return isHidden ? MapOverlay.hiddenCell(look) : nil
        }
        // Half a cell that is hidden would look like one of no weight, or of the terminal's background.
        if upper == Self.hidden || lower == Self.hidden, look.depth != .none {
            let colour = look.ramp.colours[max(upper, lower)]
            return look.depth.isRich
                ? Cell(text: upper >= 0 ? "▀" : "▄", style: Style(foreground: colour, background: look.theme.hidden))
                : Cell(
                    text: "╱", style: Style(foreground: Lightness.readableForeground(on: colour), background: colour))
        }
        guard look.depth != .none else { return look.ramp.cell(upper: max(upper, lower), lower: max(upper, lower)) }
        let colour = look.ramp.colours[max(upper, lower)]
        return Cell(text: upper >= 0 ? "▀" : "▄", style: Style(foreground: colour))
    }

    /// Says where the run has not come to yet.
    private func drawUnread(_ frame: MapLayout, in rect: Rect, on grid: inout Grid) {
        guard recorded < tokens, recorded >= request.firstQuery else { return }
        let line = ((recorded - request.firstQuery) / request.cell + frame.rowsPerCell - 1) / frame.rowsPerCell
        guard line < frame.plot.height - 1 else { return }
        grid.writeTruncated(
            say("read up to token \(recorded.grouped)"), x: frame.plot.x + 1, y: frame.plot.y + line + 1,
            width: frame.plot.width - 1, style: look.theme.dim, in: rect)
    }

    private func drawAxes(_ frame: MapLayout, in rect: Rect, on grid: inout Grid) {
        let style = look.theme.dim
        if let x = frame.queryAxis {
            for line in stride(from: 0, to: frame.plot.height, by: 4) {
                let query = request.firstQuery + line * frame.rowsPerCell * request.cell
                if query >= tokens { break }
                grid.writeRight(
                    Figures.short(query), endX: x + frame.axisWidth - 1, y: frame.plot.y + line,
                    width: frame.axisWidth - 1, style: style, in: rect)
            }
        }
        if let y = frame.keyAxis {
            for column in stride(from: 0, to: frame.plot.width - 5, by: 12) {
                let key = request.firstKey + column * request.cell
                if key >= tokens { break }
                let tick = "╷" + Figures.short(key)
                let cells = frame.plot.x + column..<frame.plot.x + column + tick.count + 1
                if let taken = anchorLabel(frame), cells.overlaps(taken.cells) { continue }
                grid.write(tick, x: cells.lowerBound, y: y, style: style, in: rect)
            }
        }
    }

    /// Cursor and anchor: marks on the axes, lines through what is empty, and the cell where they meet.
    private func drawCross(_ image: MapImage, _ frame: MapLayout, on grid: inout Grid) {
        let line = cursor.flatMap { place($0, first: request.firstQuery, count: request.rows) }
            .map { frame.plot.y + $0 / frame.rowsPerCell }
        let column = anchor.flatMap { place($0, first: request.firstKey, count: request.columns) }
            .map { frame.plot.x + $0 }
        if let line, let cursor, line < frame.plot.maxY {
            for x in frame.plot.x..<frame.plot.maxX where grid[x, line] == .blank {
                grid.put(Cell(text: "─", style: look.theme.dim), x: x, y: line)
            }
            let label = cursorLabel(cursor, room: column.map { frame.plot.maxX - $0 - 2 } ?? frame.plot.width, frame)
            let start = frame.plot.maxX - CellWidth.of(label)
            if !label.isEmpty, grid[start - 1, line].text == "─" {
                grid.write(label, x: start, y: line, style: look.cursor, in: frame.plot)
            } else if let x = frame.queryAxis {
                mark(Figures.short(cursor), endX: x + frame.axisWidth, y: line, width: frame.axisWidth - 1, on: &grid)
            }
        }
        if let column, column < frame.plot.maxX {
            let end = line.map { min($0, frame.plot.maxY) } ?? frame.plot.maxY
            for y in frame.plot.y..<end where grid[column, y] == .blank {
                grid.put(Cell(text: "┊", style: look.theme.dim), x: column, y: y)
            }
            if let y = frame.keyAxis { drawAnchorLabel(column: column, y: y, frame, on: &grid) }
        }
        if let line, let column, frame.plot.contains(x: column, y: line) { drawMeeting(x: column, y: line, on: &grid) }
    }

    /// With the value of the cross where there is room between it and the edge.
    private func cursorLabel(_ cursor: Int, room: Int, _ frame: MapLayout) -> String {
        guard frame.plot.width >= 24 else { return "" }
        let name = say(" cursor \(cursor.grouped) ")
        guard let meeting else { return name }
        let long = " ┼ \(meeting) ·" + name
        return CellWidth.of(long) <= room ? long : name
    }

    func place(_ token: Int, first: Int, count: Int) -> Int? {
        let place = (token - first) / request.cell
        return token >= first && place < count ? place : nil
    }

    private func mark(_ text: String, endX: Int, y: Int, width: Int, on grid: inout Grid) {
        let padded = Figures.padded(text, to: width)
        grid.writeRight(padded, endX: endX - 1, y: y, width: width, style: look.cursor)
    }

    /// The anchor's name on the axis of keys and the cells that it takes; nil where the anchor is out of sight.
    private func anchorLabel(_ frame: MapLayout) -> (text: String, start: Int, cells: Range<Int>)? {
        guard let anchor, let place = place(anchor, first: request.firstKey, count: request.columns),
            place < frame.plot.width
        else { return nil }
        let column = frame.plot.x + place
        let name = frame.plot.width >= 24 ? say(" anchor \(anchor.grouped) ") : Figures.short(anchor)
        let start =
            column + 1 + CellWidth.of(name) <= frame.plot.maxX
            ? column + 1 : max(frame.plot.x, column - CellWidth.of(name))
        return (name, start, min(start, column)..<max(start + CellWidth.of(name), column + 1) + 1)
    }

    private func drawAnchorLabel(column: Int, y: Int, _ frame: MapLayout, on grid: inout Grid) {
        guard let label = anchorLabel(frame) else { return }
        let area = Rect(x: frame.plot.x, y: y, width: frame.plot.width, height: 1)
        grid.write(label.text, x: label.start, y: y, style: look.theme.anchor, in: area)
        grid.write("┬", x: column, y: y, style: look.theme.anchor, in: area)
    }

    /// The cursor's own colour, which no map has: the cell where both meet is found at once.
    private func drawMeeting(x: Int, y: Int, on grid: inout Grid) {
        grid.put(Cell(text: "┼", style: look.cursor), x: x, y: y)
    }

    private func drawLegend(y: Int, in rect: Rect, on grid: inout Grid) {
        let dim = look.theme.dim
        var x = grid.write(Figures.weight(scale.lowest) + " ", x: rect.x, y: y, style: dim, in: rect)
        let levels = look.ramp.count
        // What marks mean is worth more than a long scale.
        let highest = " " + Figures.weight(scale.highest) + "  "
        let longest = legend.reduce(0) { $0 + CellWidth.of($1.first ?? "") + 3 }
        let shortest = legend.reduce(0) { $0 + CellWidth.of($1.last ?? "") + 3 }
        let room = rect.maxX - x - highest.count
        let wanted = room - longest >= 12 ? 12 : room - shortest >= 6 ? 6 : 4
        let cells = max(0, min(levels, wanted, rect.maxX - x))
        for index in 0..<cells {
            grid.put(look.ramp.cell(level: index * (levels - 1) / max(1, cells - 1)), x: x + index, y: y)
        }
        x = grid.write(highest, x: x + cells, y: y, style: dim, in: rect)
        grid.write(Sentence.fitting(legend, width: rect.maxX - x), x: x, y: y, style: dim, in: rect)
    }

    /// What marks mean, what the scale leaves out, and what it is.
    private var legend: [[String]] {
        let marks = overlay?.legend ?? []
        let remark = scale.remarks
        return marks + (remark.isEmpty ? [] : [remark]) + [[say("attention \(scale.kind.label)"), scale.kind.label]]
    }
}

extension MapOverlay {
    /// A stroke, which no weight is drawn as, on a ground that no colour map has.
    static func hiddenCell(_ look: Look) -> Cell {
        guard look.depth != .none else { return Cell(text: "╱", style: look.theme.dropped) }
        return Cell(text: "╱", style: Style(foreground: look.theme.hiddenStroke, background: look.theme.hidden))
    }

    /// What its marks are, and whether all queries were looked at.
    fileprivate var legend: [[String]] {
        let meaning =
            switch self {
            case .hides: [[say("╱ hidden by the mask"), say("╱ hidden")]]
            case .differs(_, let first):
                [[say("≠ the masks differ"), say("≠ differ")]]
                    + (first == nil ? [] : [[say("╱ hidden here"), say("╱ hidden")]])
            }
        let step = shares.sampling.grouped
        return shares.sampling == 1
            ? meaning : meaning + [[say("sampled: 1 query of \(step)"), say("1 query of \(step)")]]
    }
}
