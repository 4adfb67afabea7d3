import RopewalkPhrases

/// A number of bytes as people write it: 500M, 2G, 1.5T, or off for none.
enum ByteCount {
    private static let units: [(letter: Character, bytes: Double)] = [("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12)]
    /// More than any disk has.
    private static let limit = 1e15

    /// What such a text may be.
    static var form: String { say("a size such as 500M or 2G, or off") }

    /// 0 for none; nil where a text is no size.
    static func parse(_ text: String) -> Int? {
        if text == "off" || text == "0" { return 0 }
        guard let last = text.last, let unit = units.first(where: { String($0.letter) == last.uppercased() }) else {
            return nil
        }
        let number = text.dropLast()
        let isPlain =
            !number.isEmpty && number.utf8.count <= 15 && number.utf8.first != UInt8(ascii: ".")
            && number.allSatisfy { $0.isASCII && $0.isNumber || $0 == "." }
        guard isPlain, let value = Double(number), value * unit.bytes <= limit else { return nil }
        return Int((value * unit.bytes).rounded())
    }
}
