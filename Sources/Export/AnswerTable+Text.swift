import Foundation
import RopewalkMethods

extension AnswerTable: AnswerFormats {
    package var text: String {
        let cells = columns.map(\.cells)
        return AlignedTable(
            header: columns.map(\.name), rows: (0..<rowCount).map { row in cells.map { $0[row] } },
            sides: columns.map { $0.isWords ? .left : .right }
        ).text
    }

    package var csv: String {
        let cells = columns.map { column in
            column.exact.map { column.isWords ? Self.quotedCSV($0) : $0 == "null" ? "" : $0 }
        }
        let rows = (0..<rowCount).map { row in cells.map { $0[row] }.joined(separator: ",") + "\n" }
        return columns.map(\.name).joined(separator: ",") + "\n" + rows.joined()
    }

    static func quotedCSV(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { "\",\n\r".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    package var json: String {
        let cells = columns.map { column in column.isWords ? column.exact.map(JSONText.quoted) : column.exact }
        let rows = (0..<rowCount).map { row in
            "  {" + columns.indices.map { "\"\(columns[$0].name)\": \(cells[$0][row])" }.joined(separator: ", ") + "}"
        }
        return rows.isEmpty ? "[]\n" : "[\n" + rows.joined(separator: ",\n") + "\n]\n"
    }
}

extension AnswerTable.Column {
    var isWords: Bool {
        if case .words = values { return true }
        return false
    }

    /// For people: numbers with four decimals, tiny ones with a power of ten, and no control characters.
    fileprivate var cells: [String] {
        if let shown { return shown }
        return switch values {
        case .integers(let values): values.map { String($0) }
        case .numbers(let values): values.map { Self.short($0) }
        case .words(let values): values
        }
    }

    private static func short(_ value: Float) -> String {
        guard value.isFinite else { return "" }
        // Four decimals would show it as nothing.
        let isTiny = value != 0 && value.magnitude < 0.0001
        return String(format: isTiny ? "%.1e" : "%.4f", value)
    }

    /// For programs: numbers that read back as they are.
    fileprivate var exact: [String] {
        switch values {
        case .integers(let values): values.map { String($0) }
        case .numbers(let values): values.map { $0.isFinite ? "\($0)" : "null" }
        case .words(let values): values
        }
    }
}
