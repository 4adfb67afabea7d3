import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPhrases

/// One task under one method as a map of numbers: lengths to the right, depths down.
package struct NeedleMapView: Sendable {
    /// A place of the map.
    package struct Place: Hashable, Sendable {
        /// Of the depths and of the lengths.
        package var row: Int
        package var column: Int

        package init(row: Int, column: Int) { (self.row, self.column) = (row, column) }
    }

    let map: NeedleMap
    let measure: NeedleMeasure
    /// How the method is called.
    let title: String
    let selected: Place?
    let look: Look

    package init(_ map: NeedleMap, measure: NeedleMeasure, title: String, selected: Place? = nil, look: Look) {
        self.map = map
        self.measure = measure
        self.title = title
        self.selected = selected
        self.look = look
    }

    /// Rows that all of it takes: title, lengths, depths, means.
    package var height: Int { map.depths.count + 3 }
    /// Columns likewise.
    package var width: Int { max(Self.width(lengths: map.lengths.count), CellWidth.of(heading)) }

    /// Columns of a map with so many lengths, without what its title takes.
    static func width(lengths: Int) -> Int { labels + lengths * cell }

    private static let labels = 8
    private static let cell = 7

    /// Where it stands in a rectangle: as many depths and lengths as there is room for, around the selected one.
    private struct Frame {
        let rows: Range<Int>
        let columns: Range<Int>
        let x: Int
        let y: Int
        /// Of the means; nil where there is no room for them.
        let meanY: Int?
    }

    private func frame(in rect: Rect) -> Frame {
        let columns = max(0, min(map.lengths.count, (rect.width - Self.labels) / Self.cell))
        let hasMean = rect.height >= 5 && map.depths.count > 1
        let rows = max(0, min(map.depths.count, rect.height - 2 - (hasMean ? 1 : 0)))
        let range = Range.around(selected?.row ?? 0, count: rows, of: map.depths.count)
        return Frame(
            rows: range, columns: Range.around(selected?.column ?? 0, count: columns, of: map.lengths.count),
            x: rect.x + Self.labels, y: rect.y + 2, meanY: hasMean ? rect.y + 2 + rows : nil)
    }

    /// The place of the map at one of the screen.
    package func place(x: Int, y: Int, in rect: Rect) -> Place? {
        let frame = frame(in: rect)
        guard x >= frame.x, y >= frame.y else { return nil }
        let (row, column) = (frame.rows.lowerBound + y - frame.y, frame.columns.lowerBound + (x - frame.x) / Self.cell)
        return frame.rows.contains(row) && frame.columns.contains(column) ? Place(row: row, column: column) : nil
    }

    /// Task, method, and how far it carries: where answers are shown, and as far as they are known.
    package var heading: String {
        let carried: String =
            switch map.carries() {
            case _ where measure != .score && measure != .found: ""
            case let length?: map.isWhole ? say("carries \(length.grouped)") : say("carries \(length.grouped) so far")
            case nil: map.isWhole ? say("carries none") : ""
            }
        return [map.task.spec, title, carried].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.height > 2, rect.width > Self.labels + Self.cell else { return }
        let frame = frame(in: rect)
        grid.writeTruncated(
            heading + cut(frame), x: rect.x, y: rect.y, width: rect.width, style: look.theme.title, in: rect)
        grid.write(
            map.task.hasDepth ? say("depth %") : say("length"), x: rect.x, y: rect.y + 1, style: look.theme.dim,
            in: rect)
        for (place, column) in frame.columns.enumerated() {
            right(
                Figures.short(map.lengths[column]), place, frame, y: rect.y + 1, style: look.theme.dim, in: rect,
                on: &grid)
        }
        for (line, row) in frame.rows.enumerated() { draw(row: row, y: frame.y + line, frame, in: rect, on: &grid) }
        guard let y = frame.meanY else { return }
        grid.write(say("mean"), x: rect.x, y: y, style: look.theme.dim, in: rect)
        for (place, column) in frame.columns.enumerated() {
            right(
                measure.text(map.mean(measure, length: column)), place, frame, y: y, style: look.theme.text, in: rect,
                on: &grid)
        }
    }

    /// " · 3 of 5 depths" where there is no room for all.
    private func cut(_ frame: Frame) -> String {
        (frame.rows.count < map.depths.count ? " · " + say("\(frame.rows.count) of \(map.depths.count) depths") : "")
            + (frame.columns.count < map.lengths.count
                ? " · " + say("\(frame.columns.count) of \(map.lengths.count) lengths") : "")
    }

    private func draw(row: Int, y: Int, _ frame: Frame, in rect: Rect, on grid: inout Grid) {
        if map.task.hasDepth {
            grid.writeRight(
                String(map.depths[row]), endX: rect.x + Self.labels - 2, y: y, width: Self.labels - 2,
                style: look.theme.dim, in: rect)
        }
        for (place, column) in frame.columns.enumerated() {
            let tally = map.tallies[row][column]
            let value = tally.value(measure)
            let text = value == nil && tally.problem != nil ? "–" : measure.text(value)
            var style = value.map { look.ramp.style(level: look.ramp.level(of: level($0))) } ?? look.theme.dim
            if selected == Place(row: row, column: column) { style = look.cursor }
            let x = frame.x + place * Self.cell
            grid.fill(Rect(x: x, y: y, width: Self.cell, height: 1).intersection(rect), style: style)
            right(text, place, frame, y: y, style: style, in: rect, on: &grid)
        }
    }

    /// Ends one cell before the next column, so that lengths, numbers and means stand below each other.
    private func right(
        _ text: String, _ place: Int, _ frame: Frame, y: Int, style: Style, in rect: Rect, on grid: inout Grid
    ) {
        grid.writeRight(
            text, endX: frame.x + (place + 1) * Self.cell - 1, y: y, width: Self.cell - 1, style: style, in: rect)
    }

    /// Where a value stands in the scale of colours, 0 to 1: the better the further from the ground.
    func level(_ value: Double) -> Float {
        measure.isShare ? Float(value / 100) : Float(1 - min(1, max(0, value / Self.worstLoss)))
    }

    /// Nats a token at which the scale of losses ends: e⁻⁸ is about one of 3,000.
    static let worstLoss = 8.0
}
