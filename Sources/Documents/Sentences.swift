import RopewalkTokenizers

/// Where sentences begin: after . ! ? and closing quotes that space follows, after 。！？, after a blank line.
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
        if newlines > 1 || at == 0 { return true }
        let followsSpace = at < place
        while let before = scalarBefore(at), Self.closes(before), place - at <= 64 {
            at = UTF8Text.start(before: at, in: bytes)
        }
        guard let end = scalarBefore(at) else { return false }
        return Self.endsWide(end) || followsSpace && Self.ends(end)
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
