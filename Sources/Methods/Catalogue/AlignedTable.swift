/// Rows of cells as text, each column as wide as its widest cell.
///
/// Cells hold characters that take one place on a screen.
package struct AlignedTable: Sendable {
    package enum Side: Sendable { case left, right }

    private let header: [String]
    private let rows: [[String]]
    private let sides: [Side]

    /// Each row has as many cells as `header`.
    package init(header: [String], rows: [[String]], sides: [Side]) {
        self.header = header
        self.rows = rows
        self.sides = sides
    }

    /// One line a row, two blanks between columns, none at the end of a line.
    package var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { Self.pad($1, to: widths[$0], sides[$0]) }
            return Self.trimmed(cells.joined(separator: "  ")) + "\n"
        }.joined()
    }

    private static func pad(_ cell: String, to width: Int, _ side: Side) -> String {
        let blanks = String(repeating: " ", count: width - cell.count)
        return side == .left ? cell + blanks : blanks + cell
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
