import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

/// All position methods side by side for one subspace and one pair of tokens.
package struct RotationMethodsView: Sendable {
    package let methods: [EncodedMethod]
    package let subspace: Int
    package let query: Int
    package let key: Int
    /// The first method on the screen, where not all fit.
    package let first: Int
    package let look: Look

    package init(methods: [EncodedMethod], subspace: Int, query: Int, key: Int, first: Int = 0, look: Look) {
        self.methods = methods
        self.subspace = subspace
        self.query = query
        self.key = key
        self.first = first
        self.look = look
    }

    /// What stands in the upper border.
    package var facts: String {
        say("subspace \(subspace) · cursor − anchor = \((query - key).grouped)")
    }

    /// What stands in the lower border of a panel of so many lines.
    package func footer(height: Int) -> String {
        let (marks, rows) = (say("! unseen in training · + turned further"), rows(height))
        guard rows.count < methods.count else { return marks }
        return say("lines \((rows.lowerBound + 1).grouped)–\(rows.upperBound.grouped) of \(methods.count.grouped)")
            + " · " + marks
    }

    /// The methods that so many lines show, below the names of the columns.
    private func rows(_ height: Int) -> Range<Int> {
        let count = max(0, height - 1)
        let start = max(0, min(first, methods.count - count))
        return start..<min(methods.count, start + count)
    }

    private static let numbers = [("turns", 10), ("! of all", 10), ("distance", 10), ("λ", 10)]

    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard methods.contains(where: { $0.subspaces > subspace }) else {
            return grid.writeNotice(say("This model turns nothing in that subspace."), in: rect, style: look.theme.dim)
        }
        let dial = max(0, min(20, rect.width / 5))
        let title = min(30, max(10, rect.width * 7 / 20))
        let columns = Self.numbers.prefix(max(0, (rect.width - title - dial - 6) / 10))
        drawHeader(title, dial, Array(columns), rect, on: &grid)
        for (row, method) in methods[rows(rect.height)].enumerated() {
            draw(method, title, dial, columns.count, y: rect.y + 1 + row, rect, on: &grid)
        }
    }

    private func drawHeader(
        _ title: Int, _ dial: Int, _ columns: [(String, Int)], _ rect: Rect, on grid: inout Grid
    ) {
        let style = look.theme.dim
        grid.write(say("method"), x: rect.x + 2, y: rect.y, style: style, in: rect)
        let name =
            [say("0   dial   1 turn"), say("0 dial 1 turn"), say("dial")].first { CellWidth.of($0) <= dial } ?? ""
        grid.writeTruncated(name, x: rect.x + title, y: rect.y, width: dial, style: style, in: rect)
        var x = rect.x + title + dial + 5
        for (name, width) in columns {
            grid.writeRight(name.said, endX: x + width, y: rect.y, width: width, style: style, in: rect)
            x += width
        }
    }

    private func draw(
        _ method: EncodedMethod, _ title: Int, _ dial: Int, _ columns: Int, y: Int, _ rect: Rect, on grid: inout Grid
    ) {
        let theme = look.theme
        grid.write(method.isCurrent ? "▸" : " ", x: rect.x, y: y, style: theme.title, in: rect)
        grid.writeTruncated(
            method.title, x: rect.x + 2, y: y, width: title - 3, style: method.isCurrent ? theme.title : theme.text,
            in: rect)
        guard subspace < method.subspaces else {
            grid.write(say("does not turn"), x: rect.x + title, y: y, style: theme.dim, in: rect)
            return
        }
        let angles = method.encoding.angles(query: query, key: key)
        let angle = angles[subspace]
        let familiarity = Familiarity(method.trained, subspace: subspace, angle: angle)
        let style = familiarity == .unseen ? theme.error : theme.text
        AngleDial(trained: method.trained, look: look).draw(
            subspace, angle: angle, x: rect.x + title, y: y, width: dial, in: rect, on: &grid)
        grid.write(
            " \(AngleDial.arrow(angle))\(familiarity.mark)", x: rect.x + title + dial, y: y, style: style, in: rect)
        let unseen = (0..<method.subspaces).count {
            Familiarity(method.trained, subspace: $0, angle: angles[$0]) == .unseen
        }
        let turning = method.encoding.pieces[method.encoding.piece(query: query, key: key)].queries
        let wavelength = 2 * Double.pi / turning.inverseFrequencies[subspace]
        let distance = method.encoding.effectiveDistance(query: query, key: key)
        let texts = [
            Figures.fixed(angle / (2 * .pi), 2), "\(unseen)",
            Figures.fixed(distance, distance == distance.rounded() ? 0 : 1),
            Figures.fixed(wavelength, wavelength < 1000 ? 1 : 0),
        ]
        var x = rect.x + title + dial + 5
        for (index, text) in texts.prefix(columns).enumerated() {
            let ink = index == 1 ? (unseen > 0 ? theme.error : theme.good) : style
            grid.writeRight(text, endX: x + 10, y: y, width: 9, style: ink, in: rect)
            x += 10
        }
    }
}
