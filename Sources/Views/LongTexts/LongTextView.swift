import RopewalkCellGrid
import RopewalkPhrases

/// Which kind of long text a document is, what decided, and all that was measured.
package struct LongTextView: Sendable {
    /// What the rule says of a metric.
    package enum Standing: Equatable, Sendable {
        case none, holds, fails, decides
    }

    package struct Row: Equatable, Sendable {
        let name: String
        let value: String
        /// What the rule asks of it; empty where it asks nothing.
        let asked: String
        let z: String
        /// Of the reference, 0 to 100; nil without one.
        let percentile: Int?
        let standing: Standing
        let meaning: String

        package init(
            name: String, value: String, asked: String, z: String, percentile: Int?, standing: Standing, meaning: String
        ) {
            (self.name, self.value, self.asked, self.z) = (name, value, asked, z)
            (self.percentile, self.standing, self.meaning) = (percentile, standing, meaning)
        }
    }

    let kind: String
    let reason: String
    /// A block a piece.
    let strip: String
    let rows: [Row]
    let top: Int
    let notes: [String]
    package let obstacle: String?
    let look: Look

    package init(
        kind: String, reason: String, strip: String, rows: [Row], top: Int, notes: [String], obstacle: String?,
        look: Look
    ) {
        (self.kind, self.reason, self.strip, self.rows) = (kind, reason, strip, rows)
        (self.top, self.notes, self.obstacle, self.look) = (top, notes, obstacle, look)
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
        line(strip == "—" ? "" : say("coherence \(strip)"), look.theme.text, on: &grid)
        // What it rests on is said even where there is room for few metrics.
        let room = rect.maxY - y - min(notes.count, max(0, rect.maxY - y - 3))
        y = drawTable(in: Rect(x: rect.x, y: y, width: rect.width, height: max(0, room)), on: &grid)
        for note in notes { line(note, look.theme.dim, on: &grid) }
    }

    /// The first row below it.
    private func drawTable(in rect: Rect, on grid: inout Grid) -> Int {
        guard rect.height > 1 else { return rect.y }
        draw(Self.titles, style: look.theme.dim, y: rect.y, in: rect, on: &grid)
        let count = min(rows.count, rect.height - 1)
        let first = min(max(0, top), rows.count - count)
        for (place, row) in rows[first..<first + count].enumerated() {
            let percentile = row.percentile.map(String.init) ?? "—"
            draw(
                [row.name, row.value, row.asked, row.z, percentile, sign(row.standing), row.meaning],
                style: style(row.standing), y: rect.y + 1 + place, in: rect, on: &grid)
        }
        return rect.y + 1 + count
    }

    private static var titles: [String] {
        [say("metric"), say("value"), say("asked"), "z", say("percentile"), say("test"), ""]
    }

    private func sign(_ standing: Standing) -> String {
        switch standing {
        case .none: ""
        case .holds: say("holds")
        case .fails: say("fails")
        case .decides: say("decides")
        }
    }

    private func style(_ standing: Standing) -> Style {
        switch standing {
        case .none: look.theme.text
        case .holds: look.theme.good
        case .fails, .decides: look.theme.warning
        }
    }

    private func draw(_ cells: [String], style: Style, y: Int, in rect: Rect, on grid: inout Grid) {
        let widths = columns
        var x = rect.x
        for (place, cell) in cells.enumerated() where x < rect.maxX {
            let width = place < widths.count ? widths[place] : rect.maxX - x
            if (1...4).contains(place) {
                grid.writeRight(cell, endX: x + width, y: y, width: width, style: style, in: rect)
            } else {
                grid.writeTruncated(cell, x: x, y: y, width: min(width, rect.maxX - x), style: style, in: rect)
            }
            x += width + 2
        }
    }

    /// All but the last, which takes what is left.
    private var columns: [Int] {
        let cells =
            [Self.titles]
            + rows.map {
                [$0.name, $0.value, $0.asked, $0.z, $0.percentile.map(String.init) ?? "—", sign($0.standing)]
            }
        return (0..<6).map { place in cells.map { CellWidth.of($0[place]) }.max() ?? 0 }
    }

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
        let strips = strip == "—" ? [] : [say("coherence \(strip)")]
        return Figure(title: kind, plots: [plot], remarks: [reason] + strips + notes, map: look.map)
    }

    private func ink(_ standing: Standing) -> FigureInk {
        switch standing {
        case .none: .dim
        case .holds: .good
        case .fails, .decides: .bad
        }
    }
}
