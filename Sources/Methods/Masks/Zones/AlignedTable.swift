/// Rows of cells as text, each column as wide as its widest cell.
///
/// Cells hold characters that take one place on a screen.
package struct AlignedTable: Sendable {
    package enum Alignment: Sendable { case left, right }

    private let header: [String]
    private let rows: [[String]]
    private let alignments: [Alignment]

    /// Each row has as many cells as `header`.
    package init(header: [String], rows: [[String]], alignments: [Alignment]) {
        self.header = header
        self.rows = rows
        self.alignments = alignments
    }

    /// One line a row, two blanks between columns, none at the end of a line.
    package var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { Self.pad($1, to: widths[$0], alignments[$0]) }
            return Self.trimmed(cells.joined(separator: "  ")) + "\n"
        }.joined()
    }

    private static func pad(_ cell: String, to width: Int, _ alignment: Alignment) -> String {
        let blanks = String(repeating: " ", count: width - cell.count)
        return alignment == .left ? cell + blanks : blanks + cell
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
