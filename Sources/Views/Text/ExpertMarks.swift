import RopewalkCellGrid
import RopewalkPhrases

/// Which expert works on each token, in one layer of a mixture of experts.
package struct ExpertMarks: Equatable, Sendable {
    package let layer: Int
    /// Experts of the layer.
    package let count: Int
    /// The tokens that `first` is about.
    package let tokens: Range<Int>
    /// The expert with the largest share. [token of `tokens`]
    package let first: [Int]
    /// Of the cursor's token, the largest first; empty where it is not read yet.
    package let atCursor: [Share]

    package struct Share: Equatable, Sendable {
        package let expert: Int
        /// Of all that the chosen experts give, 0 to 1.
        package let share: Float

        package init(expert: Int, share: Float) {
            self.expert = expert
            self.share = share
        }
    }

    package init(layer: Int, count: Int, tokens: Range<Int>, first: [Int], atCursor: [Share]) {
        self.layer = layer
        self.count = count
        self.tokens = tokens
        self.first = first
        self.atCursor = atCursor
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// One character for an expert; "+" past the sixty-second.
    package static func letter(_ expert: Int) -> String {
        letters.indices.contains(expert) ? String(letters[expert]) : "+"
    }

    /// The expert of a token; nil where it is not known.
    func expert(of token: Int) -> Int? {
        let place = token - tokens.lowerBound
        return first.indices.contains(place) && tokens.contains(token) ? first[place] : nil
    }

    /// "cursor: E 0.61 + B 0.39 · A–H: first expert of each token · experts of layer 1", as much as fits into `width`.
    package func legend(width: Int) -> String {
        let shares = atCursor.map { "\(Self.letter($0.expert)) \(Figures.weight($0.share))" }
        let joined = shares.joined(separator: " + ")
        let here = shares.isEmpty ? [say("not read yet")] : [say("cursor: ") + joined, joined, shares[0]]
        let range = count <= Self.letters.count ? "A–\(Self.letter(count - 1)): " : ""
        return Sentence.fitting(
            [
                here, [say("\(range)first expert of each token"), say("first experts")],
                [say("experts of layer \(layer)"), say("layer \(layer)")],
            ], width: width)
    }

    /// Colours in which neighbouring experts differ; they repeat, so that the letter is what counts.
    static func style(_ expert: Int, _ look: Look) -> Style {
        var style = look.theme.series[expert % look.theme.series.count]
        if look.depth != .none { style.attributes.formUnion(look.theme.emphasis) }
        return style
    }
}

extension TextView {
    /// The letters of a row's tokens, each below the first character of its token.
    func drawExperts(_ row: TextLayout.Row, y: Int, in area: Rect, clip: Rect, on grid: inout Grid) {
        guard let experts = marks.experts, let document = page.document else { return }
        for token in document.tokens(in: row.bytes) {
            let bytes = document.byteRange(ofToken: token)
            guard let expert = experts.expert(of: token), !bytes.isEmpty else { continue }
            // A token that begins with a blank is read from its first letter on.
            let isBlank = page.text.bytes[bytes.lowerBound] == 0x20 && bytes.count > 1
            let byte = max(row.bytes.lowerBound, bytes.lowerBound + (isBlank ? 1 : 0))
            guard row.bytes.contains(byte) else { continue }
            let x = area.x + page.layout.column(ofByte: byte, in: row) - page.left
            guard x >= area.x else { continue }
            var style = ExpertMarks.style(expert, look)
            if token == marks.cursor { style.attributes.formUnion(.reverse) }
            grid.write(ExpertMarks.letter(expert), x: x, y: y, style: style, in: clip)
        }
    }
}
