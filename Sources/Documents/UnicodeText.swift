/// Texts in UTF-16 and UTF-32, as some editors write them: recognised and turned into UTF-8.
enum UnicodeText {
    private struct Encoding {
        /// Bytes of a unit: 2 or 4.
        let width: Int
        let isBigEndian: Bool
        /// Of the byte order mark, which is left out.
        let mark: Int
    }

    /// Whether the bytes are the beginning of such a text.
    static func isWide(_ bytes: [UInt8]) -> Bool { encoding(bytes) != nil }

    /// The text in UTF-8; nil where it is none of these. What is no character becomes U+FFFD.
    static func utf8(_ bytes: [UInt8]) -> [UInt8]? {
        guard let encoding = encoding(bytes) else { return nil }
        let body = bytes.dropFirst(encoding.mark)
        if encoding.width == 2 {
            let units = units(body, encoding).map { UInt16(truncatingIfNeeded: $0) }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        }
        return Array(String(decoding: units(body, encoding), as: UTF32.self).utf8)
    }

    private static func encoding(_ bytes: [UInt8]) -> Encoding? {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return Encoding(width: 4, isBigEndian: false, mark: 4) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return Encoding(width: 4, isBigEndian: true, mark: 4) }
        if bytes.starts(with: [0xFF, 0xFE]) { return Encoding(width: 2, isBigEndian: false, mark: 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return Encoding(width: 2, isBigEndian: true, mark: 2) }
        return unmarked(bytes)
    }

    /// By where its zeros are: Latin letters have them all in one half of UTF-16, and in three quarters of UTF-32.
    private static func unmarked(_ bytes: [UInt8]) -> Encoding? {
        let sample = bytes.prefix(4096)
        guard sample.count >= 8, sample.count % 2 == 0 || sample.count == 4096 else { return nil }
        var zeros = [0, 0, 0, 0]
        for (place, byte) in sample.enumerated() where byte == 0 { zeros[place % 4] += 1 }
        let units = sample.count / 4
        func isMostly(_ place: Int) -> Bool { zeros[place] * 10 >= units * 8 }
        func isNever(_ place: Int) -> Bool { zeros[place] == 0 }
        if isNever(0), isMostly(1), isMostly(2), isMostly(3) { return Encoding(width: 4, isBigEndian: false, mark: 0) }
        if isNever(3), isMostly(0), isMostly(1), isMostly(2) { return Encoding(width: 4, isBigEndian: true, mark: 0) }
        if isNever(0), isNever(2), isMostly(1), isMostly(3) { return Encoding(width: 2, isBigEndian: false, mark: 0) }
        if isNever(1), isNever(3), isMostly(0), isMostly(2) { return Encoding(width: 2, isBigEndian: true, mark: 0) }
        return nil
    }

    /// The units of a text; bytes that are too few for one at its end are left out.
    private static func units(_ bytes: ArraySlice<UInt8>, _ encoding: Encoding) -> [UInt32] {
        let first = bytes.startIndex
        return (0..<bytes.count / encoding.width).map { unit in
            (0..<encoding.width).reduce(UInt32(0)) { value, place in
                let byte = UInt32(bytes[first + unit * encoding.width + place])
                return encoding.isBigEndian ? value << 8 | byte : value | byte << (8 * UInt32(place))
            }
        }
    }
}
