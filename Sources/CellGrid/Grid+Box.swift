extension Grid {
    /// Draws a frame with rounded corners and texts in its border; a text too long for its border ends with "…".
    ///
    /// - Parameters:
    ///   - title: At the left of the upper border.
    ///   - titleRight: At the right of the upper border; left out before the title is shortened.
    ///   - footer: At the right of the lower border.
    ///   - titleStyle: The style of the texts; the border's where it is nil.
    ///   - focused: Draws border and texts bold, so that the focus shows without colours too.
    package mutating func box(
        _ rect: Rect, style: Style, title: String? = nil, titleRight: String? = nil, footer: String? = nil,
        titleStyle: Style? = nil, focused: Bool = false
    ) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        var border = style
        var label = titleStyle ?? style
        if focused {
            border.attributes.insert(.bold)
            label.attributes.insert(.bold)
        }
        drawFrame(rect, style: border)
        var room = rect.width - 4
        let bottom = rect.maxY - 1
        if let footer { rightLabel(footer, endX: rect.maxX - 2, y: bottom, room: room, style: label, in: rect) }
        let titleCells = title.map { CellWidth.of($0) + 2 } ?? 0
        if let titleRight, titleCells + 1 + CellWidth.of(titleRight) + 2 <= room {
            room -= 1 + rightLabel(titleRight, endX: rect.maxX - 2, y: rect.y, room: room, style: label, in: rect)
        }
        if let title, room > 2 {
            let text = " " + CellWidth.truncated(title, to: room - 2) + " "
            write(text, x: rect.x + 2, y: rect.y, style: label, in: rect)
        }
    }

    private mutating func drawFrame(_ rect: Rect, style: Style) {
        let line = String(repeating: "─", count: rect.width - 2)
        write("╭" + line + "╮", x: rect.x, y: rect.y, style: style, in: rect)
        for y in (rect.y + 1)..<(rect.maxY - 1) {
            write("│", x: rect.x, y: y, style: style, in: rect)
            write("│", x: rect.maxX - 1, y: y, style: style, in: rect)
        }
        write("╰" + line + "╯", x: rect.x, y: rect.maxY - 1, style: style, in: rect)
    }

    /// Returns the cells taken.
    @discardableResult
    private mutating func rightLabel(
        _ text: String, endX: Int, y: Int, room: Int, style: Style, in rect: Rect
    ) -> Int {
        guard room > 2 else { return 0 }
        let shown = " " + CellWidth.truncated(text, to: room - 2) + " "
        return endX - writeRight(shown, endX: endX, y: y, width: room, style: style, in: rect)
    }
}
