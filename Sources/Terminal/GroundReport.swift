import RopewalkCellGrid

/// What a terminal says of the colour of its background (OSC 11).
enum GroundReport {
    static let question = "\u{1B}]11;?\u{1B}\\"
    /// In seconds: a later answer would change the colours under the reader's hands.
    static let patience = 2.0
    /// How much later, in seconds, an answer is still told from keys.
    static let latest = 3.0
    /// How long the end of the program waits for an answer, which else a shell would take for keys.
    static let lastPatience: Int32 = 150

    /// The ground of `11;rgb:1e1e/1e1e/1e1e`, one to four digits a colour; nil for what says something else.
    static func parse(_ body: [UInt8]) -> Ground? {
        let text = String(decoding: body, as: UTF8.self)
        guard let start = ["11;rgb:", "11;rgba:"].first(where: text.hasPrefix) else { return nil }
        let parts = text.dropFirst(start.count).split(separator: "/", omittingEmptySubsequences: false)
        let components = parts.prefix(3).compactMap(component)
        guard (3...4).contains(parts.count), components.count == 3 else { return nil }
        return Ground(background: (components[0], components[1], components[2]))
    }

    /// "f", "ff" and "ffff" all are the whole of a colour.
    private static func component(_ digits: Substring) -> UInt8? {
        guard (1...4).contains(digits.count), digits.allSatisfy(\.isHexDigit), let value = Int(digits, radix: 16) else {
            return nil
        }
        return UInt8(value * 255 / ((1 << (4 * digits.count)) - 1))
    }
}
