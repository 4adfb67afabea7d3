import RopewalkCellGrid
import RopewalkDocuments

/// The decoder's tokens around the cursor in one row, above the text of the encoder that it reads.
package struct DecoderLine: Sendable {
    /// The decoder's tokens.
    package let document: Document
    package let cursor: Int
    package let look: Look

    package init(document: Document, cursor: Int, look: Look) {
        self.document = document
        self.cursor = cursor
        self.look = look
    }

    private static let label = "decoder "
    /// The longest name that a token gets.
    private static let longest = 16

    /// Draws the cursor's token with as many others on both sides as there is room for, more before than after.
    package func draw(in rect: Rect, on grid: inout Grid) {
        var x = grid.write(Self.label, x: rect.x, y: rect.y, style: look.theme.dim, in: rect)
        let first = firstToken(width: max(0, rect.maxX - x))
        if first > 0 { x = grid.write("… ", x: x, y: rect.y, style: look.theme.dim, in: rect) }
        for token in first..<max(first, document.tokenCount) {
            if x >= rect.maxX { break }
            let style = token == cursor ? look.cursor : token < cursor ? look.theme.text : look.theme.dim
            x = grid.write(name(token), x: x, y: rect.y, style: style, in: rect)
            x = grid.write(" ", x: x, y: rect.y, style: look.theme.text, in: rect)
        }
    }

    private func name(_ token: Int) -> String {
        CellWidth.truncated(document.wholeName(ofToken: token), to: Self.longest)
    }

    /// The first token with which the cursor's stands within two thirds of the width.
    private func firstToken(width: Int) -> Int {
        var room = width * 2 / 3 - CellWidth.of(name(cursor))
        var first = cursor
        while first > 0 {
            room -= CellWidth.of(name(first - 1)) + 1
            if room < 2 { break }
            first -= 1
        }
        return first
    }
}
