import RopewalkCellGrid
import RopewalkMethods

/// All that the catalogue says of one method, in place of the list.
package struct MethodPageView: Sendable {
    let page: MethodPage
    /// The first line on the screen, where not all have room.
    let first: Int
    let look: Look

    package init(page: MethodPage, first: Int, look: Look) {
        (self.page, self.first, self.look) = (page, first, look)
    }

    /// Lines as wide as the panel; columns of a table stay together as far as they have room.
    func lines(width: Int) -> [String] {
        page.text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            let text = String(line)
            guard CellWidth.of(text) > width else { return [text] }
            let indent = text.prefix { $0 == " " }.count
            let margin = String(repeating: " ", count: min(indent + 2, max(0, width - 10)))
            let wrapped = Sentence.wrapped(text, width: max(1, width - margin.count))
            return wrapped.enumerated().map { ($0 > 0 ? margin : String(repeating: " ", count: indent)) + $1 }
        }
    }

    /// The last line that can be the first on the screen.
    package func lastFirst(in rect: Rect) -> Int { max(0, lines(width: max(1, rect.width - 2)).count - rect.height) }

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let start = min(max(0, first), lastFirst(in: rect))
        for (index, line) in lines(width: max(1, rect.width - 2)).dropFirst(start).prefix(rect.height).enumerated() {
            grid.writeTruncated(
                line, x: rect.x + 1, y: rect.y + index, width: max(0, rect.width - 2),
                style: start + index == 0 ? look.theme.title : look.theme.text, in: rect)
        }
    }
}
