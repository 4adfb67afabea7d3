/// Rows of cells as text, each column as wide as its widest cell.
///
/// Characters of East Asian scripts take two places on a screen, all others one.
package struct AlignedTable: Sendable {
    package enum Side: Sendable { case left, right }

    private let header: [String]?
    private let rows: [[String]]
    private let sides: [Side]

    /// Each row has as many cells as `header`, or as there are sides.
    package init(header: [String]? = nil, rows: [[String]], sides: [Side]) {
        self.header = header
        self.rows = rows
        self.sides = sides
    }

    /// One line a row, two blanks between columns, none at the end of a line.
    package var text: String {
        let all = (header.map { [$0] } ?? []) + rows
        let widths = sides.indices.map { column in all.map { Self.width($0[column]) }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { Self.pad($1, to: widths[$0], sides[$0]) }
            return Self.trimmed(cells.joined(separator: "  ")) + "\n"
        }.joined()
    }

    private static func pad(_ cell: String, to width: Int, _ side: Side) -> String {
        let blanks = String(repeating: " ", count: max(0, width - Self.width(cell)))
        return side == .left ? cell + blanks : blanks + cell
    }

    /// With blanks behind it up to so many places.
    static func padded(_ text: String, to width: Int) -> String { pad(text, to: width, .left) }

    private static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + ($1.unicodeScalars.first.map(isWide) == true ? 2 : 1) }
    }

    /// Ideographs, syllables and full-width forms (UAX 11, W and F).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        return wide.contains { $0.contains(scalar.value) }
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
