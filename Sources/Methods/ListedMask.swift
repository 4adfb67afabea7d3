/// A mask given row by row, such as one read from a file.
public struct ListedMask: MaskRows, Equatable {
    private let rows: [KeyRanges]

    public var tokens: Int { rows.count }

    /// One row a query; keys outside of the mask are left out.
    public init(rows: [KeyRanges]) {
        self.rows = rows.map { $0.intersection(0..<rows.count) }
    }

    /// N lines of N characters, `1` allowed and `0` not, as `MaskText` writes them.
    public init(text: String) throws(MethodError) {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw .maskEmpty }
        var rows: [KeyRanges] = []
        for (index, line) in lines.enumerated() {
            rows.append(try Self.row(line, line: index + 1, tokens: lines.count))
        }
        self.rows = rows
    }

    public func row(_ query: Int) -> KeyRanges { rows[query] }

    private static func row(
        _ text: Substring.UTF8View, line: Int, tokens: Int
    ) throws(MethodError) -> KeyRanges {
        var ranges: [Range<Int>] = []
        var start: Int?
        var key = 0
        for byte in text {
            switch byte {
            case UInt8(ascii: "1"): start = start ?? key
            case UInt8(ascii: "0"):
                if let from = start { ranges.append(from..<key) }
                start = nil
            default: throw .maskCharacter(line: line, column: key + 1)
            }
            key += 1
        }
        if let start { ranges.append(start..<key) }
        guard key == tokens else { throw .maskWidth(line: line, width: key, expected: tokens) }
        return KeyRanges(ranges)
    }
}
