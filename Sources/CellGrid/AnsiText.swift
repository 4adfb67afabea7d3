/// A grid as lines of text with escape sequences (SGR), as `render --format ansi` prints it.
package enum AnsiText {
    /// One line a row, each ended by a newline and, where it was styled, a reset; no other control sequence.
    package static func text(_ grid: Grid, depth: ColourDepth) -> String {
        var text = ""
        for y in 0..<grid.size.height {
            var current = ""
            for x in 0..<visibleWidth(grid, row: y) {
                let cell = grid[x, y]
                if cell.text.isEmpty { continue }
                let wanted = parameters(cell.style, depth: depth)
                if wanted != current { text += wanted.isEmpty ? "\u{1B}[0m" : "\u{1B}[0;\(wanted)m" }
                current = wanted
                text += cell.text
            }
            text += current.isEmpty ? "\n" : "\u{1B}[0m\n"
        }
        return text
    }

    /// The SGR parameters that turn plain text into `style`, without the reset; `""` for plain.
    package static func parameters(_ style: Style, depth: ColourDepth) -> String {
        var codes: [Int] = []
        if style.attributes.contains(.bold) { codes.append(1) }
        if style.attributes.contains(.dim) { codes.append(2) }
        if style.attributes.contains(.underline) { codes.append(4) }
        if style.attributes.contains(.reverse) { codes.append(7) }
        codes += colour(style.foreground, depth: depth, base: 30)
        codes += colour(style.background, depth: depth, base: 40)
        return codes.map(String.init).joined(separator: ";")
    }

    private static func colour(_ colour: Colour, depth: ColourDepth, base: Int) -> [Int] {
        if depth == .direct, let components = Palette.direct(colour) {
            return [base + 8, 2, Int(components.red), Int(components.green), Int(components.blue)]
        }
        switch Palette.index(of: colour, depth: depth) {
        case .none: return []
        case .some(let index) where index < 8: return [base + index]
        case .some(let index) where index < 16: return [base + 60 + index - 8]
        case .some(let index): return [base + 8, 5, index]
        }
    }

    /// Plain blanks at the end of a row are left out.
    private static func visibleWidth(_ grid: Grid, row y: Int) -> Int {
        var width = grid.size.width
        while width > 0, grid[width - 1, y] == .blank { width -= 1 }
        return width
    }
}

/// A grid as text without styles.
package enum PlainText {
    /// One line a row, blanks at line ends left out, each ended by a newline.
    package static func text(_ grid: Grid) -> String {
        grid.lines.map { $0 + "\n" }.joined()
    }
}
