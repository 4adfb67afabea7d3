import RopewalkCellGrid
import RopewalkLens
import RopewalkViews

/// How weights become colours.
package struct Appearance: Equatable, Sendable {
    package var scale = Scale.Kind.logarithmic
    /// First tokens that the scale leaves out.
    package var sinksLeftOut = 1
    package var colourMap = ColourMap.viridis
    package var pooling = Pooling.max
    /// What the words of the text are painted by.
    package var painting = TextPainting.row
    /// By which heads, where it is painted by attention.
    package var heads = TextHeads.one
    /// Whether a letter under each token names its first expert, in a mixture of experts.
    package var showsExperts = false
    /// Whether blanks, tabs and line ends have signs in the text.
    package var showsBlanks = false
}
