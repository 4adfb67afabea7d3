/// Where paragraphs begin: with the first line after an empty one; in a text without empty lines, with every line.
extension SourceText {
    /// The first byte of the next paragraph; the text's end where there is none.
    package func paragraphStart(after byte: Int) -> Int {
        let first = line(containing: byte) + 1
        var line = first
        while line < lineCount, line - first < Self.mostLines {
            if beginsParagraph(atLine: line) { return bytes(ofLine: line).lowerBound }
            line += 1
        }
        return line >= lineCount && !isUnbroken(first..<line) ? bytes.count : bytes(ofLine: first).lowerBound
    }

    /// The first byte of the paragraph that `byte` lies in, or of the one before it where `byte` is its first; 0 at worst.
    package func paragraphStart(before byte: Int) -> Int {
        let start = line(containing: max(0, byte - 1))
        var line = start
        while line > 0, start - line < Self.mostLines {
            if beginsParagraph(atLine: line) { return bytes(ofLine: line).lowerBound }
            line -= 1
        }
        return line <= 0 && !isUnbroken(0..<start) ? 0 : bytes(ofLine: start).lowerBound
    }

    /// A paragraph has no more lines: what has is a table or a log.
    private static let mostLines = 200

    /// Whether lines are so many without an empty one that each counts for itself.
    private func isUnbroken(_ lines: Range<Int>) -> Bool { lines.count >= Self.mostLines }

    private func beginsParagraph(atLine line: Int) -> Bool {
        !isBlank(line: line) && (line == 0 || isBlank(line: line - 1))
    }

    private func isBlank(line: Int) -> Bool { bytes[bytes(ofLine: line)].allSatisfy { $0 <= 0x20 } }
}
