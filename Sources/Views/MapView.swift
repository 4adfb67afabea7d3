import CellGrid
import Lens
import Methods

/// A window of the attention map of one head: queries downwards, keys to the right.
public struct MapView: Sendable {
    /// Nil while nothing is recorded.
    public let image: MapImage?
    public let request: MapRequest
    public let scale: Scale
    public let cursor: Int?
    public let anchor: Int?
    /// The keys that a query may see; cells without any are hidden. Nil: no overlay. Asked once a row of cells.
    public let overlay: (@Sendable (_ query: Int) -> KeyRanges)?
    /// Tokens recorded so far, and tokens of the document.
    public let recorded: Int
    public let tokens: Int
    public let look: Look

    public init(
        image: MapImage?, request: MapRequest, scale: Scale, cursor: Int?, anchor: Int?,
        overlay: (@Sendable (_ query: Int) -> KeyRanges)? = nil, recorded: Int, tokens: Int, look: Look
    ) {
        self.image = image
        self.request = request
        self.scale = scale
        self.cursor = cursor
        self.anchor = anchor
        self.overlay = overlay
        self.recorded = recorded
        self.tokens = tokens
        self.look = look
    }
}
