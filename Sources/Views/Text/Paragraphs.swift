import RopewalkDocuments

/// Where the paragraphs of a text begin: at its lines, or, with lines joined, only where a line was not just wrapped.
struct Paragraphs: Sendable {
    let text: SourceText
    let joinsLines: Bool

    /// A paragraph takes no more lines, so that finding one stays local in a text without empty lines.
    private static let mostLines = 64
    /// A line ended by hand-wrapping is about as long as the page is wide; in bytes.
    private static let handWrapped = 50...100
    /// A line that had room for the next word on a page of that many bytes was ended on purpose.
    private static let narrowestPage = 62

    /// The first byte of the paragraph that holds `byte`.
    func start(containing byte: Int) -> Int {
        var line = text.line(containing: byte)
        while !begins(atLine: line) { line -= 1 }
        return Int(text.lines[line])
    }

    /// The first byte after the paragraph that holds `byte`.
    func end(after byte: Int) -> Int {
        var line = text.line(containing: byte) + 1
        while line < text.lineCount, !begins(atLine: line) { line += 1 }
        return line < text.lineCount ? Int(text.lines[line]) : text.bytes.count
    }

    /// Whether a line break only wraps: it stands in the middle of a paragraph.
    func isSoft(lineBreakAt byte: Int) -> Bool {
        joinsLines && byte + 1 < text.bytes.count && !begins(atLine: text.line(containing: byte + 1))
    }

    private func begins(atLine index: Int) -> Bool {
        guard joinsLines, index % Self.mostLines != 0 else { return true }
        let line = text.bytes(ofLine: index - 1)
        guard Self.handWrapped.contains(line.count), text.bytes[line.upperBound - 1] == 0x0A else { return true }
        let bytes = text.bytes
        let last = bytes[line.upperBound - 2]
        // A three-byte character of Chinese or Japanese before the line break.
        let isIdeographic = last >= 0x80 && bytes[line.upperBound - 4] > 0xE2
        let endsCode = last == 0x7B || last == 0x7D
        if Self.isBlank(bytes[line.lowerBound]) || Self.isBlank(last) || isIdeographic || endsCode { return true }
        return !Self.opens(bytes[line.upperBound]) || line.count + wordLength(at: line.upperBound) < Self.narrowestPage
    }

    /// Bytes up to the next blank, as far as that matters.
    private func wordLength(at byte: Int) -> Int {
        var end = byte
        while end < text.bytes.count, end < byte + 20, !Self.isBlank(text.bytes[end]) { end += 1 }
        return end - byte
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    /// Whether a line that begins so can go on a sentence; lists, rules and tables begin otherwise.
    private static func opens(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x22, 0x27, 0x28, 0x5F: true
        // Quotation marks and dashes, and letters with accents; not Chinese, whose lines need no blank between them.
        case 0xC3...0xE2: true
        default: false
        }
    }
}
