/// A mask given row by row, such as one read from a file.
///
/// A row is kept as ranges, or as bits where these are shorter: never more than queries × keys / 8 bytes.
package struct ListedMask: MaskRows, Hashable {
    /// Beyond this the bits alone would take over 128 MiB.
    package static let largestTokens = 32_768

    private enum Row: Hashable, Sendable {
        case ranges(KeyRanges)
        /// One bit a key, the first in the lowest bit of the first word.
        case bits([UInt64])
    }

    private let rows: [Row]
    package let tokens: Int

    package var queries: Range<Int> { 0..<rows.count }

    /// One row a query, and as many keys; keys outside of the mask are left out.
    package init(rows: [KeyRanges]) {
        self.init(tokens: rows.count) { rows[$0] }
    }

    /// Rows that are asked for one after the other; keys outside of the mask are left out.
    package init<Failure: Error>(
        tokens: Int, row: (_ query: Int) throws(Failure) -> KeyRanges
    ) throws(Failure) {
        try self.init(queries: tokens, keys: tokens, row: row)
    }

    /// The same for queries of a decoding step, or of another text.
    package init<Failure: Error>(
        queries: Int, keys: Int, row: (_ query: Int) throws(Failure) -> KeyRanges
    ) throws(Failure) {
        var rows: [Row] = []
        rows.reserveCapacity(queries)
        for query in 0..<queries {
            rows.append(Self.compact(try row(query).intersection(0..<keys), tokens: keys))
        }
        self.rows = rows
        tokens = keys
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
        case .bits(let bits): return KeyRanges(bits: bits, tokens: tokens)
        }
    }

    package func bits(_ query: Int) -> KeyBits {
        switch rows[query] {
        case .ranges(let keys): KeyBits(keys, tokens: tokens)
        case .bits(let bits): KeyBits(tokens: tokens, words: bits)
        }
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

extension KeyRanges {
    /// The keys whose bits are set, the first in the lowest bit of the first word; a run of words at a time.
    package init(bits: [UInt64], tokens: Int) {
        var ranges: [Range<Int>] = []
        var start: Int?
        for (index, word) in bits.enumerated() {
            // What is looked for next: the first set bit outside of a run, the first clear one in it.
            var place = 0
            while place < 64 {
                let rest = (start == nil ? word : ~word) >> UInt64(place)
                guard rest != 0 else { break }
                place += rest.trailingZeroBitCount
                if let from = start {
                    ranges.append(from..<64 * index + place)
                    start = nil
                } else {
                    start = 64 * index + place
                }
            }
        }
        // A run may begin in the bits behind the last token, which hold anything.
        let end = min(tokens, 64 * bits.count)
        if let start, start < end { ranges.append(start..<end) }
        self.init(canonical: ranges)
    }
}
