/// Rows of cells as text, each column as wide as its widest cell. Cells are plain ASCII or letters of one cell's width.
struct AlignedTable {
    enum Alignment { case left, right }

    let header: [String]
    let rows: [[String]]
    let alignments: [Alignment]

    /// One line a row, two blanks between columns, none at the end of a line.
    var text: String {
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
