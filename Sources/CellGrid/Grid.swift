/// One place on the screen.
///
/// A wide character occupies its cell and the next, which then holds `""`.
package struct Cell: Equatable, Sendable {
    /// One extended grapheme cluster, or `""` to the right of a wide one.
    package var text: String
    package var style: Style

    package static let blank = Cell(text: " ", style: .plain)

    package init(text: String, style: Style) {
        self.text = text
        self.style = style
    }
}

/// A screen without a terminal: what views draw on and tests compare.
package struct Grid: Equatable, Sendable {
    package let size: Size
    /// Row by row.
    package internal(set) var cells: [Cell]
    /// Characters that a terminal shows by their first part alone (a family, a skin tone), by the places of their cells: pictures
    /// show them whole.
    var clusters: [Int: String] = [:]

    package init(size: Size) {
        self.size = size
        cells = Array(repeating: .blank, count: size.width * size.height)
    }

    /// The text of a cell as a picture shows it.
    func picture(x: Int, y: Int) -> String {
        let text = self[x, y].text
        // Something else may have been drawn over a half of it.
        guard let whole = clusters[y * size.width + x], whole.unicodeScalars.first == text.unicodeScalars.first else {
            return text
        }
        return whole
    }

    package var bounds: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height) }

    /// The cell at a place; writing outside the grid does nothing, reading there gives a blank.
    package subscript(x: Int, y: Int) -> Cell {
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
