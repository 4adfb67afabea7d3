import RopewalkCellGrid

/// A panel's place for two boxes of equal contents: side by side, or one below the other where they would be too narrow or
/// that leaves much more of squares.
struct PanelSplit: Equatable {
    /// With their borders; they fill the panel's place.
    let first: Rect
    let second: Rect
    /// The contents, of equal size.
    let inners: (first: Rect, second: Rect)

    /// A map as narrow as this has no axis of queries any more.
    static let narrowest = 28
    /// A content as low as this has room for a legend, an axis and some rows.
    static let lowest = 6

    /// Two texts stand side by side where each has room for some words a line.
    static let wideTexts = 100

    init(_ rect: Rect) {
        self.init(rect, isWide: rect.height / 2 - 2 < Self.lowest || Self.isBetterWide(rect))
    }

    /// For two texts.
    init(texts rect: Rect) {
        self.init(rect, isWide: rect.width >= Self.wideTexts)
    }

    private init(_ rect: Rect, isWide: Bool) {
        let (width, height) = isWide ? (rect.width / 2, rect.height) : (rect.width, rect.height / 2)
        first = Rect(x: rect.x, y: rect.y, width: width, height: height)
        second =
            isWide
            ? Rect(x: rect.x + width, y: rect.y, width: rect.width - width, height: height)
            : Rect(x: rect.x, y: rect.y + height, width: width, height: rect.height - height)
        let inner = first.inset()
        inners = (
            inner, Rect(x: second.x + 1, y: second.y + 1, width: inner.width, height: inner.height)
        )
    }

    /// A cell is twice as high as it is wide.
    private static func isBetterWide(_ rect: Rect) -> Bool {
        guard rect.width / 2 - 2 >= narrowest else { return false }
        let wide = min(rect.width / 2 - 2, 2 * (rect.height - 2))
        let stacked = min(rect.width - 2, 2 * (rect.height / 2 - 2))
        return 4 * stacked <= 5 * wide
    }

    static func == (a: PanelSplit, b: PanelSplit) -> Bool { a.first == b.first && a.second == b.second }
}
