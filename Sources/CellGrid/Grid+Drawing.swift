extension Grid {
    /// Draws `text` from (x, y), clipped to `clip` and the grid, and returns the column after it.
    ///
    /// A wide character cut by an edge of the clip leaves a blank; marks without a base join the cell before them.
    @discardableResult
    package mutating func write(_ text: String, x: Int, y: Int, style: Style, in clip: Rect) -> Int {
        let area = clip.intersection(bounds)
        var column = x
        for character in text {
            if let byte = character.asciiValue, byte >= 0x20, byte < 0x7F {
                if area.contains(x: column, y: y) { put(String(character), width: 1, x: column, y: y, style: style) }
                column += 1
            } else {
                let start = column
                var (first, glyphs) = ("", 0)
                DisplayText.forEachCell(of: character) { glyph in
                    draw(glyph, x: column, y: y, style: style, in: area)
                    column += glyph.width
                    (first, glyphs) = (glyphs == 0 ? glyph.text : first, glyphs + 1)
                }
                if glyphs == 1, column == start + 2 { keep(character, drawnAs: first, x: start, y: y, in: area) }
            }
        }
        return column
    }

    /// Draws `text` in the whole grid.
    @discardableResult
    package mutating func write(_ text: String, x: Int, y: Int, style: Style = .plain) -> Int {
        write(text, x: x, y: y, style: style, in: bounds)
    }

    /// Draws at most `width` cells of `text`, the last one "…" where it is longer, and returns the column after it.
    @discardableResult
    package mutating func writeTruncated(
        _ text: String, x: Int, y: Int, width: Int, style: Style = .plain, in clip: Rect? = nil
    ) -> Int {
        write(CellWidth.truncated(text, to: width), x: x, y: y, style: style, in: clip ?? bounds)
    }

    /// Draws `text`, truncated to `width`, so that it ends before column `endX`, and returns its first column.
    @discardableResult
    package mutating func writeRight(
        _ text: String, endX: Int, y: Int, width: Int, style: Style = .plain, in clip: Rect? = nil
    ) -> Int {
        let shown = CellWidth.truncated(text, to: width)
        let start = endX - CellWidth.of(shown)
        write(shown, x: start, y: y, style: style, in: clip ?? bounds)
        return start
    }

    /// Sets every cell of `rect` to one narrow character.
    package mutating func fill(_ rect: Rect, style: Style = .plain, character: Character = " ") {
        let area = rect.intersection(bounds)
        let text = CellWidth.of(character) == 1 ? Printable.text(String(character)) : " "
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { put(text, width: 1, x: x, y: y, style: style) }
        }
    }

    /// Changes the styles of the cells of `rect`, not their text.
    package mutating func restyle(_ rect: Rect, _ transform: (inout Style) -> Void) {
        let area = rect.intersection(bounds)
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { transform(&cells[y * size.width + x].style) }
        }
    }

    /// Changes the styles of a range of columns of one row.
    package mutating func restyle(row y: Int, columns: Range<Int>, _ transform: (inout Style) -> Void) {
        restyle(Rect(x: columns.lowerBound, y: y, width: columns.count, height: 1), transform)
    }

    /// Replaces one cell by a narrow one, as views that compute whole cells do.
    package mutating func put(_ cell: Cell, x: Int, y: Int) {
        guard bounds.contains(x: x, y: y) else { return }
        put(cell.text, width: 1, x: x, y: y, style: cell.style)
    }

    /// The text of a row; cells right of wide characters add nothing.
    package func text(row y: Int) -> String {
        guard y >= 0, y < size.height else { return "" }
        return cells[(y * size.width)..<((y + 1) * size.width)].reduce(into: "") { $0 += $1.text }
    }

    /// The rows as text, without the blanks at their ends.
    package var lines: [String] {
        (0..<size.height).map { row in
            let line = text(row: row)
            guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
            return String(line[...last])
        }
    }
}

extension Grid {
    private mutating func draw(_ glyph: DisplayText.Glyph, x: Int, y: Int, style: Style, in area: Rect) {
        if glyph.width == 0 { return join(glyph.text, x: x, y: y, in: area) }
        let hasFirst = area.contains(x: x, y: y)
        if glyph.width == 1 || (hasFirst && area.contains(x: x + 1, y: y)) {
            if hasFirst { put(glyph.text, width: glyph.width, x: x, y: y, style: style) }
        } else if hasFirst {
            put(" ", width: 1, x: x, y: y, style: style)
        } else if area.contains(x: x + 1, y: y) {
            put(" ", width: 1, x: x + 1, y: y, style: style)
        }
    }

    /// Adds marks to the character before (x, y).
    private mutating func join(_ marks: String, x: Int, y: Int, in area: Rect) {
        guard area.contains(x: x - 1, y: y) else { return }
        var index = y * size.width + x - 1
        if cells[index].text.isEmpty, x >= 2 { index -= 1 }
        for mark in marks.unicodeScalars where cells[index].text.unicodeScalars.count <= DisplayText.mostMarks {
            cells[index].text.unicodeScalars.append(mark)
        }
    }

    /// Remembers a character of which only the first part was drawn.
    private mutating func keep(_ character: Character, drawnAs first: String, x: Int, y: Int, in area: Rect) {
        guard character.unicodeScalars.first?.properties.isEmoji == true, first != String(character),
            area.contains(x: x, y: y), self[x, y].text == first
        else { return }
        clusters[y * size.width + x] = String(character)
    }

    /// Sets one character inside the grid; the other half of a wide character that it cuts becomes a blank.
    private mutating func put(_ text: String, width: Int, x: Int, y: Int, style: Style) {
        let index = y * size.width + x
        if cells[index].text.isEmpty, x > 0 { cells[index - 1].text = " " }
        let after = x + width
        if after < size.width, cells[index + width].text.isEmpty { cells[index + width].text = " " }
        cells[index] = Cell(text: text, style: style)
        if !clusters.isEmpty { clusters[index] = nil }
        if width == 2 { cells[index + 1] = Cell(text: "", style: style) }
    }
}
