import RopewalkCellGrid
import RopewalkPhrases

/// Which kind of long text a document is, what decided, and all that was measured.
package struct LongTextView: Sendable {
    /// What the rule says of a metric.
    package enum Standing: Equatable, Sendable {
        case none, holds, fails, decides
        /// It holds, or nothing is known, and that leaves the kind open.
        case open
    }

    package struct Row: Equatable, Sendable {
        let name: String
        let value: String
        /// What the rule asks of it; empty where it asks nothing.
        let asked: String
        let z: String
        /// Of the reference, 0 to 100; nil without one.
        let percentile: Int?
        /// The percentiles that the rule asks for: none, one or two.
        let marks: [Int]
        let standing: Standing
        let meaning: String

        package init(
            name: String, value: String, asked: String, z: String, percentile: Int?, marks: [Int] = [],
            standing: Standing, meaning: String
        ) {
            (self.name, self.value, self.asked, self.z) = (name, value, asked, z)
            (self.percentile, self.marks, self.standing, self.meaning) = (percentile, marks, standing, meaning)
        }
    }

    let kind: String
    let reason: String
    /// A block a piece.
    let strip: String
    /// What the blocks are.
    let stripNote: String
    let rows: [Row]
    let top: Int
    let notes: [String]
    package let obstacle: String?
    let look: Look

    package init(
        kind: String, reason: String, strip: String, stripNote: String = "", rows: [Row], top: Int, notes: [String],
        obstacle: String?, look: Look
    ) {
        (self.kind, self.reason, self.strip, self.stripNote) = (kind, reason, strip, stripNote)
        (self.rows, self.top, self.notes, self.obstacle, self.look) = (rows, top, notes, obstacle, look)
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        if let obstacle { return grid.writeNotice(obstacle, in: rect, style: look.theme.dim) }
        var y = rect.y
        func line(_ text: String, _ style: Style, on grid: inout Grid) {
            guard y < rect.maxY, !text.isEmpty else { return }
            grid.writeTruncated(text, x: rect.x, y: y, width: rect.width, style: style, in: rect)
            y += 1
        }
        line(kind, look.theme.title, on: &grid)
        line(reason, look.theme.text, on: &grid)
        line(stripLine, look.theme.text, on: &grid)
        // What it rests on is said even where there is room for few metrics.
        let layout = layout(rect.width)
        let words = (layout.hasMeaning ? [] : [topMeaning]) + notes
        let room = rect.maxY - y - min(words.count, max(0, min(rect.maxY - y - 3, max(1, (rect.maxY - y) / 3))))
        y = drawTable(layout, in: Rect(x: rect.x, y: y, width: rect.width, height: max(0, room)), on: &grid)
        for note in words { line(note, look.theme.dim, on: &grid) }
    }

    private var stripLine: String {
        strip == "—" ? "" : [say("coherence \(strip)"), stripNote].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// What the first metric that is shown is, where there is no room for that of each: the table is scrolled through them.
    private var topMeaning: String {
        guard !rows.isEmpty else { return "" }
        let row = rows[min(max(0, top), rows.count - 1)]
        return "\(row.name): \(row.meaning)"
    }

    /// The first row below it.
    private func drawTable(_ layout: Layout, in rect: Rect, on grid: inout Grid) -> Int {
        guard rect.height > 1 else { return rect.y }
        draw(Self.titles, layout, style: look.theme.dim, y: rect.y, in: rect, on: &grid)
        if let x = layout.gauge {
            grid.write(Self.gaugeTitle, x: rect.x + x, y: rect.y, style: look.theme.dim, in: rect)
        }
        let count = min(rows.count, rect.height - 1)
        let first = min(max(0, top), rows.count - count)
        for (place, row) in rows[first..<first + count].enumerated() {
            let y = rect.y + 1 + place
            draw(
                cells(row) + [layout.hasMeaning ? row.meaning : ""], layout, style: style(row.standing), y: y, in: rect,
                on: &grid)
            if let x = layout.gauge { drawGauge(row, x: rect.x + x, y: y, in: rect, on: &grid) }
        }
        return rect.y + 1 + count
    }

    /// Where a value stands among the documents of the reference, and what is asked.
    private func drawGauge(_ row: Row, x: Int, y: Int, in rect: Rect, on grid: inout Grid) {
        guard let percentile = row.percentile else { return }
        func place(_ percentile: Int) -> Int { (min(max(0, percentile), 100) * (Self.gauge - 1) + 50) / 100 }
        let line = String(repeating: "·", count: Self.gauge)
        grid.write(line, x: x, y: y, style: look.theme.dim, in: rect)
        for mark in row.marks { grid.write("┊", x: x + place(mark), y: y, style: look.theme.text, in: rect) }
        grid.write("●", x: x + place(percentile), y: y, style: style(row.standing), in: rect)
    }

    private static let gauge = 21
    private static let gaugeTitle = "0         50      100"

    private static var titles: [String] {
        [say("metric"), say("value"), say("asked"), "z", say("percentile"), say("test"), ""]
    }

    private func cells(_ row: Row) -> [String] {
        [row.name, row.value, row.asked, row.z, row.percentile.map(String.init) ?? "—", sign(row.standing)]
    }

    private func sign(_ standing: Standing) -> String {
        switch standing {
        case .none: ""
        case .holds: say("holds")
        case .fails: say("fails")
        case .decides: say("decides")
        case .open: say("undecided")
        }
    }

    private func style(_ standing: Standing) -> Style {
        switch standing {
        case .none: look.theme.text
        case .holds: look.theme.good
        case .fails, .decides, .open: look.theme.warning
        }
    }

    private func draw(
        _ cells: [String], _ layout: Layout, style: Style, y: Int, in rect: Rect, on grid: inout Grid
    ) {
        var x = rect.x
        for (place, cell) in cells.enumerated() where x < rect.maxX {
            if place == layout.widths.count {
                x = rect.x + layout.meaning
                guard x < rect.maxX else { return }
            }
            let width = place < layout.widths.count ? layout.widths[place] : rect.maxX - x
            if (1...4).contains(place) {
                grid.writeRight(cell, endX: x + width, y: y, width: width, style: style, in: rect)
            } else {
                grid.writeTruncated(cell, x: x, y: y, width: min(width, rect.maxX - x), style: style, in: rect)
            }
            x += width + 2
        }
    }

    /// Where the columns stand, from the left end of the table.
    private struct Layout {
        /// Of all columns but the gauge and what a metric means.
        let widths: [Int]
        /// Nil where there is no room for it.
        let gauge: Int?
        let meaning: Int
        let hasMeaning: Bool
    }

    private func layout(_ width: Int) -> Layout {
        let all = [Self.titles] + rows.map(cells)
        let widths = (0..<6).map { place in all.map { CellWidth.of($0[place]) }.max() ?? 0 }
        let end = widths.reduce(0) { $0 + $1 + 2 }
        let longest = rows.map { CellWidth.of($0.meaning) }.max() ?? 0
        let hasGauge = rows.contains { $0.percentile != nil } && width >= end + Self.gauge + 2 + longest
        let hasMeaning = width - end >= min(longest, Self.leastMeaning)
        return Layout(
            widths: widths, gauge: hasGauge ? end : nil, meaning: end + (hasGauge ? Self.gauge + 2 : 0),
            hasMeaning: hasMeaning)
    }

    /// What is shorter says nothing.
    private static let leastMeaning = 24

    /// How far each metric stands in the reference, for a page; nil where nothing is compared.
    package var figure: Figure? {
        let known = rows.filter { $0.percentile != nil }
        guard obstacle == nil, !known.isEmpty else { return nil }
        var x = FigureAxis(say("percentile of the reference"), 0...100)
        x.ticks = [0, 25, 50, 75, 100].map { FigureTick(Double($0), String($0)) }
        x.hasGrid = true
        var plot = FigurePlot(
            x: x, y: .words("", known.map(\.name), isDownwards: true),
            size: FigurePlot.Extent(width: 420, height: 22 * Double(known.count)))
        plot.marks = known.enumerated().map { place, row in
            .bar(
                row: Double(place), from: 0, to: max(0.5, Double(row.percentile ?? 0)), height: 0.7, ink(row.standing))
        }
        let strips = [stripLine].filter { !$0.isEmpty }
        return Figure(title: kind, plots: [plot], remarks: [reason] + strips + notes, map: look.map)
    }

    private func ink(_ standing: Standing) -> FigureInk {
        switch standing {
        case .none: .dim
        case .holds: .good
        case .fails, .decides, .open: .bad
        }
    }
}
