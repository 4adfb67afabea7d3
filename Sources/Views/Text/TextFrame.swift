import RopewalkCellGrid

/// Where the parts of the Text panel stand in its content; those without room are empty.
package struct TextFrame: Equatable, Sendable {
    /// The decoder's tokens around the cursor, across.
    package let decoder: Rect
    /// Tokens that the text does not hold, as the one that begins it.
    package let special: Rect
    /// The text with its margin.
    package let text: Rect
    /// The whole document from top to bottom.
    package let strip: Rect
    /// The anchor and what stands around it.
    package let anchor: Rect
    package let legend: Rect

    /// The text is at least as wide beside a strip, and as high above anchor and legend.
    private static let narrowest = 34
    private static let lowest = 7
    /// Tokens before the text have a line of their own beside three of the text.
    private static let lowestSpecial = 4

    package init(_ inner: Rect, isAcross: Bool, hasSpecial: Bool = false) {
        let decoders = isAcross && inner.height > 2 ? 1 : 0
        let above = decoders + (hasSpecial && inner.height - decoders >= Self.lowestSpecial ? 1 : 0)
        let height = inner.height - above
        let below = height >= 28 ? 4 : height >= 16 ? 3 : height >= Self.lowest + 2 ? 2 : height >= Self.lowest ? 1 : 0
        let lines = max(0, below - 1)
        let side = inner.width >= Self.narrowest + 2 && height >= 4 ? 2 : 0
        decoder = Rect(x: inner.x, y: inner.y, width: inner.width, height: decoders)
        special = Rect(x: inner.x, y: decoder.maxY, width: inner.width, height: above - decoders)
        text = Rect(x: inner.x, y: inner.y + above, width: inner.width - side, height: height - below)
        strip = Rect(x: text.maxX, y: text.y, width: side, height: text.height)
        anchor = Rect(x: inner.x, y: text.maxY, width: inner.width, height: lines)
        legend = Rect(x: inner.x, y: anchor.maxY, width: inner.width, height: below - lines)
    }
}
