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

    package init(depth: ColourDepth, map: ColourMap = .viridis, ground: Ground = .dark) {
        self.depth = depth
        self.map = map
        theme = Theme(depth: depth, ground: ground)
        ramp = Ramp(map, depth: depth, ground: ground)
        cursor = Self.cursor(map, depth: depth) ?? theme.cursor
    }

    /// Cyan among the reds of magma; nil where the theme's own cursor has to do.
    private static func cursor(_ map: ColourMap, depth: ColourDepth) -> Style? {
        guard map == .magma else { return nil }
        switch depth {
        case .none, .ansi8: return nil
        case .ansi16: return Style(foreground: .ansi(0), background: .ansi(14), attributes: .bold)
        case .indexed256, .direct: return Style(foreground: .ansi(16), background: .ansi(44), attributes: .bold)
        }
    }
}
