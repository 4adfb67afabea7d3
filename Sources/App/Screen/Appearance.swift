import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// Which colours the screen is drawn in: those for the terminal's background, or for a certain one.
package enum ThemeChoice: String, CaseIterable, Equatable, Hashable, Sendable {
    case auto, light, dark

    /// Nil: the terminal's own.
    package var ground: Ground? {
        switch self {
        case .auto: nil
        case .light: .light
        case .dark: .dark
        }
    }
}

/// What the cursor goes by: single tokens, or whole characters where several tokens are parts of one.
package enum CursorStep: String, CaseIterable, Equatable, Hashable, Sendable {
    case characters, tokens
}

/// How weights become colours.
package struct Appearance: Equatable, Sendable {
    package var scale = Scale.Kind.logarithmic
    /// First tokens that the scale leaves out.
    package var sinksLeftOut = 1
    package var colourMap = ColourMap.viridis
    package var theme = ThemeChoice.auto
    package var language = Language.current
    package var pooling = Pooling.max
    /// What the words of the text are painted by.
    package var painting = TextPainting.row
    /// By which heads, where it is painted by attention.
    package var heads = TextHeads.one
    /// Whether a letter under each token names its first expert, in a mixture of experts.
    package var showsExperts = false
    /// Whether blanks, tabs and line ends have signs in the text.
    package var showsBlanks = false
    /// What a step of the cursor is.
    package var step = CursorStep.characters
    /// Whether lines of the text stay whole, and are looked at sideways where they are longer than the panel.
    package var keepsLines = false
}
