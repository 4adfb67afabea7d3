import RopewalkTokenizers

extension SourceText {
    /// A word is not looked for further, in bytes: scripts without blanks have none.
    private static let longestWord = 64

    /// The bytes of the word that a byte lies in: letters, digits, and what joins them; else the character alone.
    package func word(at byte: Int) -> Range<Int> {
        guard !bytes.isEmpty else { return 0..<0 }
        let start = UTF8Text.start(of: max(0, min(byte, bytes.count - 1)), in: bytes)
        var range = start..<UTF8Text.boundary(from: start + 1, in: bytes)
        guard isOfWord(start) else { return range }
        while range.lowerBound > max(0, start - Self.longestWord) {
            let before = UTF8Text.start(before: range.lowerBound, in: bytes)
            guard isOfWord(before) else { break }
            range = before..<range.upperBound
        }
        while range.upperBound < min(bytes.count, start + Self.longestWord), isOfWord(range.upperBound) {
            range = range.lowerBound..<UTF8Text.boundary(from: range.upperBound + 1, in: bytes)
        }
        return range
    }

    private func isOfWord(_ place: Int) -> Bool {
        let scalar = UTF8Text.scalar(in: bytes, at: place).scalar
        let properties = scalar.properties
        return properties.isAlphabetic && !properties.isIdeographic || properties.numericType != nil
            || properties.generalCategory == .nonspacingMark || scalar == "_" || scalar == "'" || scalar == "’"
    }
}
