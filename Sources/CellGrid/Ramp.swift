/// The levels in which a value is shown on one terminal: colours where it has them, shades and attributes where not.
package struct Ramp: Equatable, Sendable {
    package let map: ColourMap
    package let depth: ColourDepth
    /// One a level, lowest first; empty on terminals without colours.
    package let colours: [Colour]
    private let painted: [Style]

    package init(
        _ map: ColourMap, depth: ColourDepth, ground: Ground = .dark, count: Int = ColourMap.usualCount
    ) {
        self.map = map
        self.depth = depth
        colours = map.colours(count: count, depth: depth, ground: ground)
        painted =
            depth == .none
            ? Self.attributeRamp
            : colours.map { Style(foreground: Lightness.readableForeground(on: $0), background: $0) }
    }

    /// How many levels there are, at least 2.
    package var count: Int { painted.count }

    /// Rows of values that one row of cells shows: 2 with half blocks, 1 with shades.
    package var rowsPerCell: Int { depth == .none ? 1 : 2 }

    /// The level of a value 0 to 1; values outside are clamped, NaN is the lowest.
    package func level(of value: Float) -> Int {
        guard value > 0 else { return 0 }
        return value >= 1 ? count - 1 : Int(value * Float(count))
    }

    /// The style of text whose value has that level.
    package func style(level: Int) -> Style { painted[clamped(level)] }

    /// A shade of the level, the lowest blank: " ", "░", "▒", "█".
    package func glyph(level: Int) -> String {
        Self.glyphs[clamped(level) * (Self.glyphs.count - 1) / max(1, count - 1)]
    }

    /// One cell of a map: the upper and the lower value with colours, the greater of both as a shade without.
    package func cell(upper: Int, lower: Int) -> Cell {
        guard depth != .none else { return Cell(text: glyph(level: max(upper, lower)), style: .plain) }
        let (top, bottom) = (colours[clamped(upper)], colours[clamped(lower)])
        // A blank needs no foreground: flat areas then are one run of equal cells, cheap to send.
        if top == bottom { return Cell(text: " ", style: Style(background: top)) }
        return Cell(text: "▀", style: Style(foreground: top, background: bottom))
    }

    /// One cell that shows one value, as in legends.
    package func cell(level: Int) -> Cell { cell(upper: level, lower: level) }

    private static let glyphs = [" ", "░", "▒", "█"]

    /// None in reverse: that is what cursor, anchor and hits are. None dim: half as bright is not readable everywhere.
    private static let attributeRamp: [Style] = [
        .plain, Style(attributes: .underline), Style(attributes: .bold), Style(attributes: [.bold, .underline]),
    ]

    private func clamped(_ level: Int) -> Int { max(0, min(count - 1, level)) }
}
