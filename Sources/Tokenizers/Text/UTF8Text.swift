/// Facts about UTF-8 that is read as bytes.
package enum UTF8Text {
    /// Where the first byte is that makes `text` invalid UTF-8; nil where it is valid.
    package static func firstInvalid(in text: UnsafeRawBufferPointer) -> Int? {
        var at = 0
        while at < text.count {
            while at + 8 <= text.count,
                text.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                at += 8
            }
            guard at < text.count else { return nil }
            if text[at] < 0x80 {
                at += 1
                continue
            }
            guard let length = sequenceLength(text, at) else { return at }
            at += length
        }
        return nil
    }

    /// The length of the character of several bytes at `at`; nil where it is none (Unicode, table 3-7).
    private static func sequenceLength(_ text: UnsafeRawBufferPointer, _ at: Int) -> Int? {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch text[at] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return nil
        }
        guard at + length <= text.count, second.contains(text[at + 1]) else { return nil }
        for byte in at + 2..<max(at + 2, at + length) where !isContinuation(text[byte]) { return nil }
        return length
    }

    package static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// The character that begins at `at` in valid UTF-8, and how many bytes it has.
    package static func scalar(in text: [UInt8], at: Int) -> (scalar: Unicode.Scalar, count: Int) {
        let first = text[at]
        guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
        let count = width(from: first)
        var code = UInt32(first) & (0xFF >> UInt32(count + 1))
        for byte in text[min(at + 1, text.count)..<min(at + count, text.count)] {
            code = code << 6 | UInt32(byte & 0x3F)
        }
        return (Unicode.Scalar(code) ?? "\u{FFFD}", count)
    }

    /// The character that begins at `at` in valid UTF-8, and how many bytes it has.
    static func scalar(in text: UnsafeRawBufferPointer, at: Int) -> (scalar: Unicode.Scalar, count: Int) {
        let first = text[at]
        guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
        let count = min(width(from: first), text.count - at)
        var code = UInt32(first) & (0xFF >> UInt32(count + 1))
        for index in at + 1..<max(at + 1, at + count) { code = code << 6 | UInt32(text[index] & 0x3F) }
        return (Unicode.Scalar(code) ?? "\u{FFFD}", count)
    }

    /// How many bytes the character has that begins with `first`.
    static func width(from first: UInt8) -> Int { first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2 }

    /// Where the character begins that the byte at `at` belongs to.
    package static func start(of at: Int, in text: [UInt8]) -> Int {
        var start = min(at, text.count)
        while start > 0, start < text.count, isContinuation(text[start]) { start -= 1 }
        return start
    }

    /// Where the character before `at` begins.
    package static func start(before at: Int, in text: [UInt8]) -> Int { start(of: max(0, at - 1), in: text) }

    /// The first place from `at` on where a character begins, or the text's end.
    package static func boundary(from at: Int, in text: [UInt8]) -> Int {
        var end = at
        while end < text.count, isContinuation(text[end]) { end += 1 }
        return end
    }
}
