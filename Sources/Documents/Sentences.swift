import RopewalkTokenizers

/// Where sentences begin: after . ! ? and closing quotes that space follows, after 。！？, after a blank line, and at each
/// row of a table, a log or a list.
extension SourceText {
    /// How far a sentence is looked for, in bytes: a step through text without sentences stays quick.
    static let longestSentence = 1 << 20

    /// The start of the sentence that `byte` lies in, or of the one before it where `byte` is that start; 0 at worst.
    package func sentenceStart(before byte: Int) -> Int {
        let limit = byte - Self.longestSentence
        var place = UTF8Text.start(of: max(0, min(byte, bytes.count)), in: bytes)
        while place > 0 {
            place = UTF8Text.start(before: place, in: bytes)
            if isSentenceStart(place) || place < limit { return place }
        }
        return 0
    }

    /// The start of the first sentence after `byte`; the text's end where there is none.
    package func sentenceStart(after byte: Int) -> Int {
        let limit = max(0, min(byte, bytes.count)) + Self.longestSentence
        var place = UTF8Text.boundary(from: max(0, min(byte, bytes.count - 1)) + 1, in: bytes)
        while place < bytes.count {
            if isSentenceStart(place) || place > limit { return place }
            place = UTF8Text.boundary(from: place + 1, in: bytes)
        }
        return bytes.count
    }

    private func isSentenceStart(_ place: Int) -> Bool {
        guard place > 0, place < bytes.count else { return place == 0 }
        let scalar = UTF8Text.scalar(in: bytes, at: place).scalar
        guard !scalar.properties.isWhitespace, !Self.closes(scalar), !Self.ends(scalar) else { return false }
        var at = place
        var newlines = 0
        while at > 0, let before = scalarBefore(at), before.properties.isWhitespace {
            if before == "\n" { newlines += 1 }
            // Space without end is no reason to look back without end.
            if place - at > Self.longestLine { return false }
            at = UTF8Text.start(before: at, in: bytes)
        }
        if newlines > 1 || at == 0 || newlines == 1 && isRow(place) { return true }
        let followsSpace = at < place
        while let before = scalarBefore(at), Self.closes(before), place - at <= 64 {
            at = UTF8Text.start(before: at, in: bytes)
        }
        guard let end = scalarBefore(at) else { return false }
        return Self.endsWide(end) || followsSpace && Self.ends(end)
    }

    /// Whether the line at `place` looks like the one before it: as many separators, or an equal beginning that is no
    /// word. Lines of prose that was wrapped by hand do not.
    private func isRow(_ place: Int) -> Bool {
        let line = line(containing: place)
        guard line > 0 else { return false }
        let (row, before) = (bytes[bytes(ofLine: line)], bytes[bytes(ofLine: line - 1)])
        let shape = Self.shape(row)
        if shape == Self.shape(before), let first = shape.first, first != 0x61, first != 0x20 { return true }
        return Self.separators.contains { separator in
            let count = Self.count(separator, in: row)
            return count >= 2 && count == Self.count(separator, in: before)
        }
    }

    /// Comma, semicolon, tab, bar.
    private static let separators: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]

    /// Separators of a table; after one of prose comes a blank.
    private static func count(_ separator: UInt8, in line: ArraySlice<UInt8>) -> Int {
        line.indices.count {
            line[$0] == separator
                && (separator == 0x09 || separator == 0x7C || $0 + 1 >= line.endIndex || line[$0 + 1] > 0x20)
        }
    }

    /// The first characters with 0 for every digit and a for every letter.
    private static func shape(_ line: ArraySlice<UInt8>) -> [UInt8] {
        line.prefix(4).map { byte in
            switch byte {
            case 0x30...0x39: 0x30
            case 0x41...0x5A, 0x61...0x7A, 0x80...: 0x61
            default: byte
            }
        }
    }

    private func scalarBefore(_ at: Int) -> Unicode.Scalar? {
        at > 0 ? UTF8Text.scalar(in: bytes, at: UTF8Text.start(before: at, in: bytes)).scalar : nil
    }

    private static func ends(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "!" || scalar == "?" || scalar == "…" || endsWide(scalar)
    }

    /// Scripts without spaces: the mark alone ends the sentence.
    private static func endsWide(_ scalar: Unicode.Scalar) -> Bool { scalar == "。" || scalar == "！" || scalar == "？" }

    private static func closes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "”", "’", ")", "]", "」", "』", "）", "》", "】": true
        default: false
        }
    }
}
