import RopewalkDocuments
import RopewalkViews

/// Tokens of a document with the words around them.
struct AskWords: Sendable {
    let document: Document?

    /// Bytes that are looked at on both sides.
    private static let reach = 80

    func row(_ token: Int, cells: [String], remark: String = "") -> AskView.Row {
        let part = document?.characterPart(ofToken: token)
        let remarks = [part.map { "\($0.part)/\($0.parts)" } ?? "", remark].filter { !$0.isEmpty }
        return AskView.Row(
            cells: cells, before: before(token), word: part?.character ?? name(token), after: after(token),
            remark: remarks.joined(separator: " "))
    }

    /// In quotes; a part of a character as which part of it.
    func quoted(_ token: Int) -> String { document?.quotedName(ofToken: token) ?? "“\(token)”" }

    func name(_ token: Int) -> String { document?.displayName(ofToken: token) ?? String(token) }

    private func before(_ token: Int) -> String {
        guard let document else { return "" }
        let end = document.characterBytes(ofToken: token).lowerBound
        return Self.line(document.text, max(0, end - Self.reach)..<end)
    }

    private func after(_ token: Int) -> String {
        guard let document else { return "" }
        let start = document.characterBytes(ofToken: token).upperBound
        return Self.line(document.text, start..<min(document.text.bytes.count, start + Self.reach))
    }

    /// A part of the text in one line: characters that the bounds cut are left out.
    static func line(_ text: SourceText, _ bytes: Range<Int>) -> String {
        guard !bytes.isEmpty else { return "" }
        let isContinuation = { (byte: Int) in text.bytes[byte] & 0xC0 == 0x80 }
        var (start, end) = (bytes.lowerBound, bytes.upperBound)
        while start < end, isContinuation(start) { start += 1 }
        while end > start, end < text.bytes.count, isContinuation(end) { end -= 1 }
        var line = ""
        var wasBlank = false
        for character in text.string(start..<end) {
            let isBlank = character.isWhitespace
            if !isBlank { line.append(character) } else if !wasBlank { line.append(" ") }
            wasBlank = isBlank
        }
        return line
    }
}
