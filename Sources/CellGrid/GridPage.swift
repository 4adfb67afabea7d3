/// A screen as a page of a document: what every cell is drawn with, worked out once for all kinds of pictures.
package struct GridPage: Sendable {
    /// Neighbouring cells of a row that are drawn alike.
    struct Run: Equatable, Sendable {
        /// The first one.
        let column: Int
        /// Of each character: 2 for wide ones.
        let width: Int
        var characters: [String]
        let look: Look

        var columns: Range<Int> { column..<column + width * characters.count }
    }

    struct Look: Equatable, Sendable {
        /// As CSS writes colours.
        let ink: String
        /// Nil for the paper's own.
        let ground: String?
        let isBold: Bool
        let isUnderlined: Bool
    }

    let size: Size
    let ground: Ground
    let rows: [[Run]]
    /// What the first row says: text, model, methods, and whether the numbers are exact.
    package let title: String

    package init(_ grid: Grid, ground: Ground) {
        size = grid.size
        self.ground = ground
        rows = (0..<grid.size.height).map { Self.runs(grid, row: $0, on: ground) }
        title = grid.lines.first.map { $0.split(separator: " ").joined(separator: " ") } ?? ""
    }

    private static func runs(_ grid: Grid, row y: Int, on ground: Ground) -> [Run] {
        var runs: [Run] = []
        for x in 0..<grid.size.width where !grid[x, y].text.isEmpty {
            let cell = grid[x, y]
            let width = x + 1 < grid.size.width && grid[x + 1, y].text.isEmpty ? 2 : 1
            let look = look(cell.style, on: ground)
            if let last = runs.last, last.look == look, last.width == width, last.columns.upperBound == x {
                runs[runs.count - 1].characters.append(grid.picture(x: x, y: y))
            } else {
                runs.append(Run(column: x, width: width, characters: [grid.picture(x: x, y: y)], look: look))
            }
        }
        return runs
    }

    private static func look(_ style: Style, on page: Ground) -> Look {
        var ink = Palette.components(of: style.foreground) ?? page.ink
        var ground = Palette.components(of: style.background) ?? page.paper
        if style.attributes.contains(.reverse) { swap(&ink, &ground) }
        if style.attributes.contains(.dim) { ink = mean(ink, ground) }
        let css = hex(ground)
        return Look(
            ink: hex(ink), ground: css == hex(page.paper) ? nil : css, isBold: style.attributes.contains(.bold),
            isUnderlined: style.attributes.contains(.underline))
    }

    /// Two parts of the ink and one of the ground: still readable.
    private static func mean(_ ink: Palette.Components, _ ground: Palette.Components) -> Palette.Components {
        func part(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((2 * Int(a) + Int(b)) / 3) }
        return (part(ink.red, ground.red), part(ink.green, ground.green), part(ink.blue, ground.blue))
    }

    package static func hex(_ colour: Palette.Components) -> String {
        "#" + [colour.red, colour.green, colour.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// What XML and HTML take as text.
    package static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": " "
            default: String(scalar)
            }
        }.joined()
    }
}

extension Ground {
    /// What a terminal's own colours become on a page.
    var ink: Palette.Components { self == .dark ? (216, 216, 216) : (28, 28, 28) }
    var paper: Palette.Components { self == .dark ? (16, 18, 24) : (255, 255, 255) }
}
