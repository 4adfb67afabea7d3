/// The colours of everything that is not data, for one depth.
///
/// Backgrounds stay the terminal's own, and colours its named ones, so that light and dark terminals both keep their look;
/// every role differs from plain text without colours too.
package struct Theme: Equatable, Sendable {
    package let depth: ColourDepth
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
    /// The query token.
    package let cursor: Style
    /// The key token that is looked at.
    package let anchor: Style
    /// A token that the method does not let the cursor see.
    package let dropped: Style
    /// The ground of what a mask hides on a map, where there are colours, and what is drawn on it: on dark and on light
    /// terminals neither their own background nor a colour of a map.
    package let hidden: Colour
    package let hiddenStroke: Colour
    /// The chosen line of a menu or list.
    package let selection: Style
    /// A found match: no colour, because those of the scale stay seen in it.
    package let match: Style
    package let statusBar: Style

    package init(depth: ColourDepth) {
        self.depth = depth
        let hasColours = depth != .none
        func ink(_ index: UInt8, _ attributes: Style.Attributes = []) -> Style {
            Style(foreground: hasColours ? .ansi(index) : .standard, attributes: attributes)
        }
        func mark(_ index: UInt8, orElse attributes: Style.Attributes) -> Style {
            hasColours
                ? Style(foreground: .ansi(0), background: .ansi(index), attributes: .bold)
                : Style(attributes: attributes)
        }
        let faint = depth == .indexed256 ? Style(foreground: .ansi(244)) : Style(attributes: .dim)
        border = faint
        focusedBorder = ink(2, .bold)
        title = Style(attributes: .bold)
        text = .plain
        dim = faint
        key = ink(6, .bold)
        warning = ink(3, .bold)
        error = ink(1, [.bold])
        good = ink(2)
        cursor = mark(3, orElse: [.reverse, .bold])
        anchor = mark(6, orElse: [.reverse, .underline])
        dropped = Self.dropped(depth)
        hidden = depth == .indexed256 ? .ansi(52) : .standard
        hiddenStroke = depth == .indexed256 ? .ansi(131) : .ansi(1)
        selection = Style(attributes: .reverse)
        match = Style(attributes: hasColours ? .reverse : [.reverse, .dim])
        // A bar in reverse would show its blanks as blocks between the hints, louder than they are.
        statusBar = .plain
    }

    /// A muted red, because grey is what is merely quiet; without colours only the struck blanks tell.
    private static func dropped(_ depth: ColourDepth) -> Style {
        switch depth {
        case .none: Style(attributes: .dim)
        case .ansi8, .ansi16: Style(foreground: .ansi(1))
        case .indexed256: Style(foreground: .ansi(95))
        }
    }
}
