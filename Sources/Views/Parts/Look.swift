import RopewalkCellGrid

/// The colours of one terminal: what every view draws with.
package struct Look: Equatable, Sendable {
    package let depth: ColourDepth
    package let map: ColourMap
    package let theme: Theme
    /// The levels of weights, made once because choosing colours costs more than drawing with them.
    package let ramp: Ramp
    /// The query token, in a colour that the ramp of weights does not have.
    package let cursor: Style

    package init(depth: ColourDepth, map: ColourMap = .viridis, theme: Theme? = nil) {
        self.depth = depth
        self.map = map
        self.theme = theme ?? Theme(depth: depth)
        ramp = Ramp(map, depth: depth)
        cursor = Self.cursor(map, depth: depth) ?? self.theme.cursor
    }

    /// Red, but cyan among the reds of magma; nil where the theme's own cursor has to do.
    private static func cursor(_ map: ColourMap, depth: ColourDepth) -> Style? {
        guard depth != .none else { return nil }
        let hasBright = depth != .ansi8
        return map == .magma
            ? Style(foreground: .ansi(0), background: .ansi(hasBright ? 14 : 6), attributes: .bold)
            : Style(foreground: .ansi(hasBright ? 15 : 7), background: .ansi(1), attributes: .bold)
    }
}
