/// One place on the screen. A wide character occupies its cell and the next, which then holds `""`.
public struct Cell: Equatable, Sendable {
    /// One extended grapheme cluster, or `""` to the right of a wide one.
    public var text: String
    public var style: Style

    public static let blank = Cell(text: " ", style: .plain)

    public init(text: String, style: Style) {
        self.text = text
        self.style = style
    }
}

/// A screen without a terminal: what views draw on and tests compare.
public struct Grid: Equatable, Sendable {
    public let size: Size
    /// Row by row.
    public internal(set) var cells: [Cell]

    public init(size: Size) {
        self.size = size
        cells = Array(repeating: .blank, count: size.width * size.height)
    }

    public var bounds: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height) }

    /// The cell at a place; writing outside the grid does nothing, reading there gives a blank.
    public subscript(x: Int, y: Int) -> Cell {
        get {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return .blank }
            return cells[y * size.width + x]
        }
        set {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
            cells[y * size.width + x] = newValue
        }
    }
}
