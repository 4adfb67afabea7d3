import RopewalkCellGrid
import RopewalkMethods

/// Which part of a text reads which: a cell for two of them, with their first words at both sides.
package struct PartsMatrix: Sendable {
    /// Parts of the text.
    let count: Int
    /// What is known: the weights that a part gives all parts.
    let rows: [Int: [Float]]
    package let selected: Int
    let isCausal: Bool
    /// The first words of a part.
    let label: @Sendable (Int) -> String

    package init(
        count: Int, rows: [Int: [Float]], selected: Int, isCausal: Bool, label: @escaping @Sendable (Int) -> String
    ) {
        self.count = count
        self.rows = rows
        self.selected = selected
        self.isCausal = isCausal
        self.label = label
    }

    /// Where it stands: cells of one width, below their words, right of theirs.
    struct Frame {
        let labels: Int
        let top: Int
        let cellWidth: Int
        let columns: Range<Int>
        let rows: Range<Int>
        /// The first cell.
        let x: Int
        let y: Int
    }

    func frame(in rect: Rect) -> Frame {
        let labels = min(26, max(5, rect.width / 3))
        let top = rect.height >= 14 ? min(9, rect.height / 3) : rect.height >= 6 ? 2 : 0
        let room = max(1, rect.width - labels - 1)
        // Of two blanks each where that is enough for some parts.
        let cellWidth = count * 2 <= room || room >= 32 ? 2 : 1
        let wide = max(1, min(count, room / cellWidth))
        let high = max(1, min(count, rect.height - top - 1))
        let firstRow = min(max(0, selected - high / 2), count - high)
        // What comes after the last row is not seen.
        let end = isCausal ? min(count, firstRow + high) : min(count, selected + wide / 2 + 1)
        let firstColumn = min(max(0, end - wide), count - wide)
        return Frame(
            labels: labels, top: top, cellWidth: cellWidth, columns: firstColumn..<firstColumn + wide,
            rows: firstRow..<firstRow + high, x: rect.x + labels + 1, y: rect.y + top)
    }

    /// The row at a place of the screen.
    func row(atY y: Int, in rect: Rect) -> Int? {
        let frame = frame(in: rect)
        let row = frame.rows.lowerBound + y - frame.y
        return y >= frame.y && frame.rows.contains(row) ? row : nil
    }

    func draw(in rect: Rect, look: Look, on grid: inout Grid) {
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
            scale: scale, parts: [["↓ reads, → is read, means of sums, log", "↓ reads → is read", "log"]], look: look
        ).draw(y: y, in: rect, on: &grid)
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

    /// The first letters of every part, from top to bottom; where there is little room their numbers.
    private func drawColumnLabels(_ frame: Frame, _ look: Look, in rect: Rect, on grid: inout Grid) {
        guard frame.top > 0 else { return }
        for (place, column) in frame.columns.enumerated() {
            let x = frame.x + place * frame.cellWidth
            let style = column == selected ? look.theme.selection : look.theme.dim
            if frame.top < 4 {
                let number = column.grouped
                if place % 6 == 0, x + number.count <= rect.maxX {
                    grid.write(number, x: x, y: rect.y + frame.top - 1, style: style, in: rect)
                }
                continue
            }
            for (line, letter) in label(column).prefix(frame.top).enumerated()
            where CellWidth.of(letter) <= frame.cellWidth && CellWidth.of(letter) > 0 {
                grid.write(String(letter), x: x, y: rect.y + line, style: style, in: rect)
            }
        }
    }
}
