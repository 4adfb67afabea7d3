import CRopewalkUTF8Proc

/// How many cells text occupies when `Grid.write` draws it.
package enum CellWidth {
    /// 1 or 2 for nearly every character, 0 for marks without a base.
    ///
    /// Clusters that terminals do not combine (Indic conjuncts) take the sum of their parts. Control and invisible characters take the cell of their stand-in.
    package static func of(_ character: Character) -> Int {
        if let byte = character.asciiValue, byte != 0x0A || character == "\n" { return 1 }
        var width = 0
        DisplayText.forEachCell(of: character) { width += $0.width }
        return width
    }

    /// The cells of a whole text.
    package static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + of($1) }
    }

    /// The cells of one scalar as the terminal counts them, stand-ins not considered.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value >= 0x20, scalar.value < 0x7F { return 1 }
        switch scalar.value {
        // Terminals draw medial and final jamo onto the initial one, and the hexagrams wide.
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        case 0x3248...0x324F, 0x4DC0...0x4DFF: return 2
        default: break
        }
        let code = utf8proc_int32_t(scalar.value)
        let width = max(0, min(2, Int(utf8proc_charwidth(code))))
        // utf8proc gives spacing vowel signs no width; terminals give them a cell.
        return width == 0 && utf8proc_category(code) == UTF8PROC_CATEGORY_MC ? 1 : width
    }

    /// The longest beginning of `text` that fits in `width` cells, and the cells it takes.
    package static func prefix(of text: String, fitting width: Int) -> (text: Substring, width: Int) {
        var used = 0
        var end = text.startIndex
        for index in text.indices {
            let cells = of(text[index])
            if used + cells > width { break }
            used += cells
            end = text.index(after: index)
        }
        return (text[..<end], used)
    }

    /// `text` itself where it fits in `width` cells, else its beginning with "…".
    package static func truncated(_ text: String, to width: Int) -> String {
        if width <= 0 { return "" }
        if text.utf8.count <= width, of(text) <= width { return text }
        return of(text) <= width ? text : prefix(of: text, fitting: width - 1).text + "…"
    }
}
