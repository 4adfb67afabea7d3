extension Grid {
    /// Gives all cells that have the terminal's own colours those of a ground, where the terminal's is another one.
    package mutating func paint(_ ground: Ground, depth: ColourDepth) {
        guard let (ink, paper) = Self.colours(of: ground, depth) else { return }
        restyle(bounds) { style in
            if style.foreground == .standard { style.foreground = ink }
            if style.background == .standard { style.background = paper }
        }
    }

    /// Nil where there are no colours.
    private static func colours(of ground: Ground, _ depth: ColourDepth) -> (ink: Colour, paper: Colour)? {
        switch (depth, ground) {
        case (.none, _): nil
        case (.ansi8, .dark), (.ansi16, .dark): (.ansi(7), .ansi(0))
        case (.ansi8, .light): (.ansi(0), .ansi(7))
        case (.ansi16, .light): (.ansi(0), .ansi(15))
        case (.indexed256, .dark), (.direct, .dark): (.ansi(253), .ansi(16))
        case (.indexed256, .light), (.direct, .light): (.ansi(16), .ansi(231))
        }
    }
}
