import RopewalkCellGrid

/// What the painting of the text is, and its scale.
package struct TextLegend: Sendable {
    let paint: TextPaint
    /// As many of them as there is room for, each in the longest wording that has room.
    let parts: [[String]]
    let look: Look

    package init(paint: TextPaint, parts: [[String]], look: Look) {
        self.paint = paint
        self.parts = parts
        self.look = look
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.height > 0, rect.width > 0 else { return }
        guard !paint.values.isEmpty else {
            grid.writeTruncated(
                Sentence.fitting(parts, width: rect.width), x: rect.x, y: rect.y, width: rect.width,
                style: look.theme.dim, in: rect
            )
            return
        }
        ScaleLegend(scale: paint.scale, parts: parts, look: look, isText: true).draw(y: rect.y, in: rect, on: &grid)
    }
}
