import RopewalkCellGrid
import RopewalkDocuments

/// Where in the whole text the numbers of the painting lie: a narrow map from its first token to its last, with what is
/// marked beside it.
package struct TextStrip: Sendable {
    /// Of the whole text.
    let tokens: Int
    let paint: TextPaint?
    /// First tokens that do not count.
    let leftOut: Int
    let cursor: Int?
    let anchor: Int?
    /// The tokens on the screen.
    let shown: Range<Int>
    /// The rows of the screen whose tokens hold hits.
    let hitRows: Set<Int>
    let look: Look

    package init(
        tokens: Int, paint: TextPaint?, leftOut: Int, cursor: Int?, anchor: Int?, shown: Range<Int>,
        hitRows: Set<Int>, look: Look
    ) {
        self.tokens = tokens
        self.paint = paint
        self.leftOut = leftOut
        self.cursor = cursor
        self.anchor = anchor
        self.shown = shown
        self.hitRows = hitRows
        self.look = look
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width >= 2, rect.height > 0, tokens > 0 else { return }
        let perRow = look.ramp.rowsPerCell
        let values = sums(cells: rect.height * perRow)
        let scale = Scale(kind: paint?.scale.kind ?? .linear, weights: values)
        func level(_ value: Float) -> Int? { value.isNaN ? nil : look.ramp.level(of: scale.position(of: value)) }
        for row in 0..<rect.height {
            let upper = level(values[row * perRow])
            let lower = perRow == 2 ? level(values[row * 2 + 1]) : upper
            let y = rect.y + row
            if let upper { grid.put(look.ramp.cell(upper: upper, lower: lower ?? 0), x: rect.x, y: y) }
            if let mark = mark(row: row, of: rect.height) { grid.put(mark, x: rect.x + 1, y: y) }
        }
    }

    /// The sums over equal parts of the text, of losses the means; NaN where nothing is known. [cell]
    func sums(cells: Int) -> [Float] {
        (0..<cells).map { cell in
            let part = Self.tokens(ofCell: cell, of: cells, tokens: tokens)
            guard let paint else { return .nan }
            var sum: Float = 0
            var count = 0
            for token in part where token >= leftOut || paint.painting.isPerToken {
                guard let value = paint.value(of: token) else { continue }
                sum += value
                count += 1
            }
            if count == 0 { return part.contains { $0 < leftOut && paint.value(of: $0) != nil } ? 0 : .nan }
            return paint.painting.isPerToken ? sum / Float(count) : sum
        }
    }

    /// The tokens of one of `cells` equal parts; at least one.
    package static func tokens(ofCell cell: Int, of cells: Int, tokens: Int) -> Range<Int> {
        let first = cell * tokens / cells
        return first..<max(first + 1, (cell + 1) * tokens / cells)
    }

    /// The first token of a row of the screen.
    package func token(atY y: Int, in rect: Rect) -> Int? {
        guard (rect.y..<rect.maxY).contains(y), tokens > 0 else { return nil }
        return min(tokens - 1, Self.tokens(ofCell: y - rect.y, of: rect.height, tokens: tokens).lowerBound)
    }

    private func mark(row: Int, of rows: Int) -> Cell? {
        let part = Self.tokens(ofCell: row, of: rows, tokens: tokens)
        if let cursor, part.contains(cursor) { return Cell(text: "▸", style: look.theme.title) }
        if let anchor, part.contains(anchor) { return Cell(text: "◂", style: look.theme.key) }
        if hitRows.contains(row) { return Cell(text: "•", style: look.theme.warning) }
        return shown.overlaps(part) ? Cell(text: "│", style: look.theme.dim) : nil
    }
}
