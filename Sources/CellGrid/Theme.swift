/// The colours of everything that is not data, for one depth and one ground.
///
/// Backgrounds stay the terminal's own; every role differs from plain text without colours too.
package struct Theme: Equatable, Sendable {
    package let depth: ColourDepth
    package let ground: Ground
    package let border: Style
    package let focusedBorder: Style
    package let title: Style
    package let text: Style
    package let dim: Style
    /// A key in a hint, as in "q quit".
    package let key: Style
    package let warning: Style
    package let error: Style
    package let good: Style
    /// The query token, where no map of colours is near.
    package let cursor: Style
    /// The key token that is looked at.
    package let anchor: Style
    /// A token that the method does not let the cursor see.
    package let dropped: Style
    /// The ground of what a mask hides on a map, where there are colours, and what is drawn on it: neither the terminal's
    /// own background nor a colour of a map.
    package let hidden: Colour
    package let hiddenStroke: Colour
    /// The chosen line of a menu or list.
    package let selection: Style
    /// A found match: no colour, because those of the scale stay seen in it.
    package let match: Style
    package let statusBar: Style
    /// What is told apart beside each other, as the lines of a chart: the first one plain, repeated after the last.
    package let series: [Style]
    /// Makes letters stronger: not where bold letters have another colour than asked for.
    package let emphasis: Style.Attributes

    package init(depth: ColourDepth, ground: Ground = .dark) {
        self.depth = depth
        self.ground = ground
        let inks = Inks.inks(depth: depth, ground: ground)
        border = inks.dim
        focusedBorder = inks.focus
        title = Style(attributes: .bold)
        text = .plain
        dim = inks.dim
        (key, warning, error, good) = (inks.key, inks.warning, inks.error, inks.good)
        cursor = Self.cursor(depth)
        anchor = Self.anchor(depth)
        dropped = inks.dropped
        hidden = depth.isRich ? .ansi(ground == .dark ? 52 : 224) : .standard
        hiddenStroke = depth.isRich ? .ansi(ground == .dark ? 167 : 131) : inks.dropped.foreground
        selection = Style(attributes: .reverse)
        match = Style(attributes: .reverse)
        // A bar in reverse would show its blanks as blocks between the hints, louder than they are.
        statusBar = .plain
        series = inks.series
        emphasis = depth == .ansi8 ? [] : .bold
    }

    /// Red, which no colour map has on its way.
    private static func cursor(_ depth: ColourDepth) -> Style {
        switch depth {
        case .none: Style(attributes: [.reverse, .bold])
        case .ansi8: Style(foreground: .ansi(7), background: .ansi(1), attributes: .bold)
        case .ansi16: Style(foreground: .ansi(15), background: .ansi(1), attributes: .bold)
        case .indexed256, .direct: Style(foreground: .ansi(231), background: .ansi(124), attributes: .bold)
        }
    }

    private static func anchor(_ depth: ColourDepth) -> Style {
        switch depth {
        case .none: Style(attributes: [.reverse, .underline])
        case .ansi8: Style(foreground: .ansi(0), background: .ansi(6))
        case .ansi16: Style(foreground: .ansi(0), background: .ansi(6), attributes: .bold)
        case .indexed256, .direct: Style(foreground: .ansi(16), background: .ansi(80), attributes: .bold)
        }
    }
}
