import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

extension PartsMatrix {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, look: Look, on grid: inout Grid) {
        guard count > 0, rect.height > 1, rect.width > 8 else { return }
        let frame = frame(in: rect)
        drawColumnLabels(frame, look, in: rect, on: &grid)
        let scale = Scale(kind: .logarithmic, weights: frame.rows.flatMap { row in shown(row, frame) })
        for (line, row) in frame.rows.enumerated() {
            draw(row, frame, scale, look, y: frame.y + line, in: rect, on: &grid)
        }
        let y = frame.y + frame.rows.count
        guard y < rect.maxY else { return }
        ScaleLegend(
            scale: scale,
            parts: more(frame) + [
                [say("↓ reads, → is read, means of sums, log"), say("↓ reads → is read"), say("log")]
            ],
            look: look
        ).draw(y: y, in: rect, on: &grid)
    }

    /// How many rows, or columns, have no room.
    private func more(_ frame: Frame) -> [[String]] {
        let rows = count - frame.rows.count
        let columns = (isCausal ? min(count, frame.rows.upperBound) : count) - frame.columns.count
        if rows > 0 { return [[say("… \(rows) more")]] }
        return columns > 0 ? [[say("… \(columns) more columns"), say("… \(columns) more")]] : []
    }

    private func shown(_ row: Int, _ frame: Frame) -> [Float] {
        guard let weights = rows[row] else { return [] }
        return frame.columns.map { weights.indices.contains($0) ? weights[$0] : 0 }
    }

    private func draw(
        _ row: Int, _ frame: Frame, _ scale: Scale, _ look: Look, y: Int, in rect: Rect, on grid: inout Grid
    ) {
        let isSelected = row == selected
        let style = isSelected ? look.theme.selection : look.theme.text
        let name = CellWidth.truncated("\(row.grouped) \(label(row))", to: frame.labels)
        if isSelected { grid.fill(Rect(x: rect.x, y: y, width: frame.labels, height: 1), style: style) }
        grid.write(name, x: rect.x, y: y, style: style, in: rect)
        guard let weights = rows[row] else {
            grid.write("·", x: frame.x, y: y, style: look.theme.dim, in: rect)
            return
        }
        for (place, column) in frame.columns.enumerated() where !isCausal || column <= row {
            let weight = weights.indices.contains(column) ? weights[column] : 0
            let cell = look.ramp.cell(level: look.ramp.level(of: scale.position(of: weight)))
            for offset in 0..<frame.cellWidth { grid.put(cell, x: frame.x + place * frame.cellWidth + offset, y: y) }
        }
    }

    /// Number and words of every part above its column.
    private func drawColumnLabels(_ frame: Frame, _ look: Look, in rect: Rect, on grid: inout Grid) {
        guard frame.top > 0 else { return }
        for (place, column) in frame.columns.enumerated() {
            let x = frame.x + place * frame.cellWidth
            let style = column == self.column ?? selected ? look.theme.selection : look.theme.dim
            for (line, words) in heading(column, frame).enumerated() {
                grid.write(words, x: x, y: rect.y + line, style: style, in: rect)
            }
        }
    }
}
