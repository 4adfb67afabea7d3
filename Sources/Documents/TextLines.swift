import Foundation
import RopewalkTokenizers

/// Cuts a text into lines, and endless ones too.
enum TextLines {
    /// Where the lines begin. A line ends after "\n"; `longest` bounds the bytes of one and is at least 16.
    static func starts(_ text: [UInt8], longest: Int) -> [Int32] {
        var starts: [Int32] = [0]
        var line = 0
        while line < text.count {
            let end = lineEnd(text, line)
            while end - line > longest {
                line = cut(text, line, line + longest)
                starts.append(Int32(line))
            }
            if end < text.count { starts.append(Int32(end)) }
            line = end
        }
        return starts
    }

    private static func lineEnd(_ text: [UInt8], _ start: Int) -> Int {
        text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return bytes.count }
            return UnsafeRawPointer(found) - base + 1
        }
    }

    /// Where to cut a line that goes on after `limit`: after the last space of the last quarter, else where no
    /// combining mark, joiner or variation selector would lose its base.
    private static func cut(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        let earliest = limit - (limit - start) / 4
        for place in stride(from: limit, to: earliest, by: -1)
        where text[place - 1] == 0x20 && UTF8Text.start(of: place, in: text) == place && !isAttached(text, place) {
            return place
        }
        let last = UTF8Text.start(of: limit, in: text)
        var place = last
        while place > earliest, isAttached(text, place) { place = UTF8Text.start(before: place, in: text) }
        return place > earliest ? place : last
    }

    /// Whether the character at `place` forms one shape with the one before it.
    private static func isAttached(_ text: [UInt8], _ place: Int) -> Bool {
        guard place < text.count, place > 0, text[place] >= 0x80 || text[place - 1] >= 0x80 else { return false }
        let scalar = UTF8Text.scalar(in: text, at: place).scalar
        let before = UTF8Text.scalar(in: text, at: UTF8Text.start(before: place, in: text)).scalar
        return scalar.properties.isGraphemeExtend || scalar == "\u{200D}" || before == "\u{200D}"
            || (0x1F1E6...0x1F1FF).contains(scalar.value) || scalar.properties.isEmojiModifier
            || scalar.properties.generalCategory == .spacingMark
    }
}
