import RopewalkCellGrid

/// Which part of a text reads which: a cell for two of them, with their first words at both sides.
package struct PartsMatrix: Sendable {
    /// Parts of the text.
    let count: Int
    /// What is known: the weights that a part gives all parts.
    let rows: [Int: [Float]]
    package let selected: Int
    /// The part that is looked at as a key; nil for the selected one.
    let column: Int?
    let isCausal: Bool
    /// The first words of a part.
    let label: @Sendable (Int) -> String

    package init(
        count: Int, rows: [Int: [Float]], selected: Int, column: Int? = nil, isCausal: Bool,
        label: @escaping @Sendable (Int) -> String
    ) {
        self.count = count
        self.rows = rows
        self.selected = selected
        self.column = column
        self.isCausal = isCausal
        self.label = label
    }

    /// Where it stands: cells of one width, below their words, right of theirs.
    struct Frame {
        let labels: Int
        let top: Int
        /// Whether the words above the columns are written downwards, where there is room for that.
        let isUpright: Bool
        let cellWidth: Int
        let columns: Range<Int>
        let rows: Range<Int>
        /// The first cell.
        let x: Int
        let y: Int
    }

    func frame(in rect: Rect) -> Frame {
        let labels = min(26, max(5, rect.width / 3))
        let room = max(1, rect.width - labels - 1)
        let isHigh = rect.height >= Self.highest
        // Words side by side are read at once, where every part has room for some.
        let isUpright = isHigh && count * Self.readable > room
        let top = isUpright ? min(9, rect.height / 3) : isHigh ? 3 : rect.height >= 4 ? 2 : 0
        let cellWidth = isUpright ? uprightWidth(room) : min(Self.widest, max(Self.readable, room / max(1, count)))
        let wide = max(1, min(count, room / cellWidth))
        let high = max(1, min(count, rect.height - top - 1))
        let rows = Range.around(selected, count: high, of: count)
        // What comes after the last row is not seen.
        let end = isCausal ? rows.upperBound : min(count, selected + wide / 2 + 1)
        return Frame(
            labels: labels, top: top, isUpright: isUpright, cellWidth: cellWidth, columns: columns(wide, end: end),
            rows: rows, x: rect.x + labels + 1, y: rect.y + top)
    }

    /// So many columns before `end`, or those around the key that is looked at, which is seen too.
    func columns(_ wide: Int, end: Int) -> Range<Int> {
        let first = min(max(0, end - wide), count - wide)
        guard let column, !(first..<first + wide).contains(column) else { return first..<first + wide }
        let around = min(max(0, column - wide / 2), count - wide)
        return around..<around + wide
    }

    /// From that height on there is room for words that are written downwards.
    private static let highest = 14
    /// Cells of a column whose words stand side by side.
    private static let readable = 6
    private static let widest = 12

    /// As wide as all parts have room for; else two, where that is enough for some parts.
    private func uprightWidth(_ room: Int) -> Int {
        count * 2 <= room ? min(Self.readable - 1, room / max(1, count)) : room >= 32 ? 2 : 1
    }

    /// The words above a column, a line each: its number first, which is that of its row, then its letters downwards or, where there is
    /// room, its words; "…" where there are more.
    func heading(_ column: Int, _ frame: Frame) -> [String] {
        let number = column.grouped
        guard frame.isUpright, frame.cellWidth < 4 else {
            return Self.cut("\(number) \(label(column))", width: frame.cellWidth - 1, lines: frame.top)
        }
        // A number that is as wide as its column would run into the next one.
        let digits = number.count < frame.cellWidth ? [number] : number.map { String($0) }
        let letters = label(column).map { CellWidth.of($0) <= frame.cellWidth ? String($0) : " " }
        var lines = digits + (digits.count > 1 ? [""] : []) + letters
        guard lines.count > frame.top else { return lines }
        lines = Array(lines.prefix(frame.top))
        if lines.count > digits.count + 1 { lines[lines.count - 1] = "…" }
        return lines
    }

    /// The beginning of a text in lines of some cells, cut wherever one is full.
    private static func cut(_ text: String, width: Int, lines count: Int) -> [String] {
        var lines = [""]
        var used = 0
        for character in text {
            let cells = CellWidth.of(character)
            if used + cells > width {
                guard lines.count < count else {
                    if width > 1 { lines[count - 1] = CellWidth.truncated(lines[count - 1] + "  ", to: width) }
                    break
                }
                lines.append("")
                used = 0
                if character == " " { continue }
            }
            lines[lines.count - 1].append(character)
            used += cells
        }
        return lines
    }

    /// The row and column at a place of the screen.
    package func cell(atX x: Int, y: Int, in rect: Rect) -> (row: Int, column: Int)? {
        let frame = frame(in: rect)
        guard let row = row(atY: y, in: rect), x >= frame.x else { return nil }
        let column = frame.columns.lowerBound + (x - frame.x) / frame.cellWidth
        return frame.columns.contains(column) ? (row, column) : nil
    }

    /// The row at a place of the screen.
    func row(atY y: Int, in rect: Rect) -> Int? {
        let frame = frame(in: rect)
        let row = frame.rows.lowerBound + y - frame.y
        return y >= frame.y && frame.rows.contains(row) ? row : nil
    }
}
