import RopewalkCellGrid

/// Where the method menu opens: beside, below or above what is being read, so that the effect of a choice is seen at
/// once.
struct MenuPlace: Equatable {
    /// All that the menu may cover, with its border.
    let area: Rect

    /// From these sizes on the place beside or below the text is enough.
    private static let narrowest = 38
    /// The names of some methods, and what the chosen one does.
    private static let lowest = 14
    private static let widest = 72

    /// - Parameters:
    ///   - text: The panel of the text; nil where it is hidden.
    ///   - cursorRow: The cursor's row of the screen; nil where it is not on it.
    init(size: Size, text: Rect?, cursorRow: Int?) {
        let screen = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
        guard let text else {
            area = Self.right(of: screen.width - min(screen.width, Self.widest), in: screen)
            return
        }
        if screen.maxX - text.maxX >= Self.narrowest {
            area = Self.right(of: text.maxX, in: screen)
        } else if screen.maxY - text.maxY >= Self.lowest {
            area = Rect(x: 0, y: text.maxY, width: screen.width, height: screen.maxY - text.maxY)
        } else {
            let row = min(max(cursorRow ?? screen.y, screen.y), max(screen.y, screen.maxY - 1))
            let (above, below) = (row - screen.y, screen.maxY - row - 1)
            let height = min(max(above, below), max(Self.lowest, screen.height * 3 / 5))
            let y = below >= above ? screen.maxY - height : screen.y
            area = Rect(x: 0, y: y, width: screen.width, height: height)
        }
    }

    /// At the right edge, as wide as sentences are read well.
    private static func right(of x: Int, in screen: Rect) -> Rect {
        let width = min(screen.maxX - x, widest)
        return Rect(x: screen.maxX - width, y: screen.y, width: width, height: screen.height)
    }
}

extension AppState {
    var menuPlace: MenuPlace {
        MenuPlace(size: size, text: layout.panels[.text], cursorRow: cursorRow)
    }

    /// The row of the screen that holds the cursor.
    private var cursorRow: Int? {
        guard let text = textLayout, layout.panels[.text] != nil else { return nil }
        let rows = text.rows(from: window.top, count: textRect.height)
        let byte = cursorByte
        return rows.firstIndex { $0.bytes.contains(byte) }.map { textRect.y + $0 }
    }
}
