import RopewalkCellGrid
import RopewalkDocuments
import RopewalkPhrases

extension Document {
    /// The tokens before the text and after it that it does not hold, as the one that begins it; at most some of each.
    package var specialEnds: [Int] {
        guard tokenCount > 0, !text.bytes.isEmpty else { return [] }
        func isOutside(_ token: Int) -> Bool { byteRange(ofToken: token).isEmpty }
        let first = (0..<min(tokenCount, Self.mostEnds)).prefix(while: isOutside)
        let last = (max(first.upperBound, tokenCount - Self.mostEnds)..<tokenCount).reversed().prefix(while: isOutside)
        return Array(first) + last.reversed()
    }

    /// On each side: a text that is padded has more of them than a line.
    private static let mostEnds = 8
}

/// The line above the text for tokens that the text does not hold: they are read as words are, and often most of all.
extension TextView {
    private struct Name {
        let token: Int
        let text: String
        let cells: Range<Int>
    }

    /// The tokens of the line as far as there is room, one after the other.
    private func names(in rect: Rect) -> [Name] {
        guard let document = page.document, rect.height > 0 else { return [] }
        var x = rect.x + Self.margin
        var names: [Name] = []
        for token in marks.special where token < document.tokenCount {
            let text = CellWidth.truncated(document.displayName(ofToken: token), to: 16)
            let end = x + CellWidth.of(text)
            guard end <= rect.maxX else { break }
            names.append(Name(token: token, text: text, cells: x..<end))
            x = end + 1
        }
        return names
    }

    /// The special token at a place of the line.
    package func special(atX x: Int, y: Int, in rect: Rect) -> Int? {
        guard rect.contains(x: x, y: y) else { return nil }
        return names(in: rect).first { $0.cells.contains(x) }?.token
    }

    package func drawSpecial(in rect: Rect, on grid: inout Grid) {
        let names = names(in: rect)
        guard let last = names.last else { return }
        let paint = TokenPaint(self)
        for name in names {
            let stroke = paint.stroke(token: name.token)
            grid.write(name.text, x: name.cells.lowerBound, y: rect.y, style: stroke.style, in: rect)
            if let sign = stroke.sign ?? sign(of: name.token) {
                let style = sign == "▸" ? look.theme.title : look.theme.key
                grid.write(sign, x: name.cells.lowerBound - 1, y: rect.y, style: style, in: rect)
            }
        }
        let x = last.cells.upperBound + 1
        let words = Sentence.fitting(words(names.map(\.token)), width: rect.maxX - x)
        grid.write(words, x: x, y: rect.y, style: look.theme.dim, in: rect)
    }

    private func sign(of token: Int) -> String? {
        token == marks.cursor && direction != .across ? "▸" : token == marks.anchor ? "◂" : nil
    }

    /// What is known of the tokens of the line, what matters most first.
    private func words(_ tokens: [Int]) -> [[String]] {
        let (leftOut, numbers) =
            paint.map { ($0.scale.leftOut, tokens.compactMap($0.value(of:))) }
            ?? (scale.leftOut, tokens.compactMap { row?.weights.indices.contains($0) == true ? row?.weights[$0] : nil })
        let isBefore = tokens.first == 0
        // Those before the text follow each other.
        let isAfter = !isBefore || tokens.last != tokens.count - 1
        let place = isBefore ? isAfter ? say("around the text") : say("before the text") : say("after the text")
        let isLeftOut = isBefore && leftOut > 0 && !numbers.isEmpty
        return [
            numbers.isEmpty ? [] : [numbers.map { Figures.weight($0) }.joined(separator: " ")],
            isLeftOut ? [say("left out of the scale"), say("not in the scale")] : [],
            [say("special, \(place)"), place],
        ].filter { !$0.isEmpty }
    }
}
