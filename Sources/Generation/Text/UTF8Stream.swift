/// Bytes that become text as they come: the beginning of a character waits for its end, and what can be none becomes U+FFFD.
package struct UTF8Stream: Equatable, Sendable {
    private var held: [UInt8] = []

    package init() {}

    /// Whether nothing waits.
    package var isEmpty: Bool { held.isEmpty }

    /// The text of the next bytes, as far as it is complete.
    package mutating func append(_ bytes: [UInt8]) -> String {
        held += bytes
        let complete = held.count - Self.incomplete(held)
        defer { held.removeFirst(complete) }
        return String(decoding: held[..<complete], as: UTF8.self)
    }

    /// What was held back, at the end of the text.
    package mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    /// Bytes at the end that may become a character.
    private static func incomplete(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte & 0xE0 == 0xC0 ? 2 : byte & 0xF0 == 0xE0 ? 3 : byte & 0xF8 == 0xF0 ? 4 : 1
            return length > back && isBeginning(bytes.suffix(back)) ? back : 0
        }
        return 0
    }

    /// Whether the second byte, if it is there, may follow the first (Unicode 15, table 3-7).
    private static func isBeginning(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, (0xC2...0xF4).contains(first) else { return false }
        guard let second = bytes.dropFirst().first else { return true }
        switch first {
        case 0xE0: return second >= 0xA0
        case 0xED: return second <= 0x9F
        case 0xF0: return second >= 0x90
        case 0xF4: return second <= 0x8F
        default: return true
        }
    }
}
