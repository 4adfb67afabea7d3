/// A mask given row by row, such as one read from a file.
///
/// A row is kept as ranges, or as bits where these are shorter: never more than tokens × tokens / 8 bytes.
package struct ListedMask: MaskRows, Hashable {
    /// Beyond this the bits alone would take over 128 MiB.
    package static let largestTokens = 32_768

    private enum Row: Hashable, Sendable {
        case ranges(KeyRanges)
        /// One bit a key, the first in the lowest bit of the first word.
        case bits([UInt64])
    }

    private let rows: [Row]

    package var tokens: Int { rows.count }

    /// One row a query; keys outside of the mask are left out.
    package init(rows: [KeyRanges]) {
        self.rows = rows.map { Self.compact($0.intersection(0..<rows.count), tokens: rows.count) }
    }

    /// Rows that are asked for one after the other; keys outside of the mask are left out.
    package init<Failure: Error>(tokens: Int, row: (_ query: Int) throws(Failure) -> KeyRanges) throws(Failure) {
        var rows: [Row] = []
        rows.reserveCapacity(tokens)
        for query in 0..<tokens {
            rows.append(Self.compact(try row(query).intersection(0..<tokens), tokens: tokens))
        }
        self.rows = rows
    }

    private static func compact(_ row: KeyRanges, tokens: Int) -> Row {
        let words = (tokens + 63) / 64
        guard row.ranges.count > max(2, words / 2) else { return .ranges(row) }
        var bits = [UInt64](repeating: 0, count: words)
        for range in row.ranges {
            for key in range { bits[key / 64] |= 1 << UInt64(key % 64) }
        }
        return .bits(bits)
    }

    /// N lines of N characters, `1` allowed and `0` not, as `MaskText` writes them.
    package init(text: String) throws(MethodError) {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw .maskEmpty }
        var rows: [KeyRanges] = []
        for (index, line) in lines.enumerated() {
            rows.append(try Self.row(line, line: index + 1, tokens: lines.count))
        }
        self.init(rows: rows)
    }

    package func row(_ query: Int) -> KeyRanges {
        switch rows[query] {
        case .ranges(let keys): return keys
        case .bits(let bits): return Self.ranges(bits, tokens: tokens)
        }
    }

    private static func ranges(_ bits: [UInt64], tokens: Int) -> KeyRanges {
        var ranges: [Range<Int>] = []
        var start: Int?
        for key in 0..<tokens {
            if bits[key / 64] >> UInt64(key % 64) & 1 == 1 {
                start = start ?? key
            } else if let from = start {
                ranges.append(from..<key)
                start = nil
            }
        }
        if let start { ranges.append(start..<tokens) }
        return KeyRanges(canonical: ranges)
    }

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
