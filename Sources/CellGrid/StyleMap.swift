/// A second picture of a grid: a letter for each cell's style, and what the letters stand for.
///
/// Plain cells are dots, so that the picture of the text and the picture of the styles lie side by side in a golden file.
package struct StyleMap {
    private var letters: [Style: Character] = [:]
    private var order: [Style] = []
    private var rows: [String] = []

    package init(_ grid: Grid) {
        for y in 0..<grid.size.height {
            var row = ""
            for x in 0..<grid.size.width { row.append(letter(for: grid[x, y].style)) }
            rows.append(row)
        }
    }

    /// The picture, then the legend, one line a style in the order of appearance.
    package var text: String {
        let legend = order.map { "\(letters[$0] ?? "?") \(Self.describe($0))" }
        return (rows + legend).joined(separator: "\n") + "\n"
    }

    /// Past 52 styles letters repeat; the legend still lists every style.
    private mutating func letter(for style: Style) -> Character {
        if style == .plain { return "." }
        if let known = letters[style] { return known }
        let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let letter = alphabet[order.count % alphabet.count]
        letters[style] = letter
        order.append(style)
        return letter
    }

    /// A style in words, for example `ansi 3 on #440154 bold`.
    static func describe(_ style: Style) -> String {
        var words = [name(style.foreground), "on", name(style.background)]
        let names: [(Style.Attributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.underline, "underline"), (.reverse, "reverse"),
        ]
        for (attribute, name) in names where style.attributes.contains(attribute) { words.append(name) }
        return words.joined(separator: " ")
    }

    private static func name(_ colour: Colour) -> String {
        switch colour {
        case .standard: return "standard"
        case .ansi(let index): return "ansi \(index)"
        case .rgb(let red, let green, let blue):
            return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
