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
    /// What a mask hides, or where two differ. Nil: no overlay.
    public let overlay: MapOverlay?
    /// Tokens recorded so far, and tokens of the document.
    public let recorded: Int
    public let tokens: Int
    /// What the axes are: queries and keys, or across the decoder and the encoder.
    public let axes: Axes
    public let look: Look

    /// The names of the axes.
    public struct Axes: Equatable, Sendable {
        public let queries: String
        public let keys: String

        public init(queries: String, keys: String) {
            self.queries = queries
            self.keys = keys
        }

        public static let own = Axes(queries: "query", keys: "key")
    }

    public init(
        image: MapImage?, request: MapRequest, scale: Scale, cursor: Int?, anchor: Int?,
        overlay: MapOverlay? = nil, recorded: Int, tokens: Int, axes: Axes = .own, look: Look
    ) {
        self.image = image
        self.request = request
        self.scale = scale
        self.cursor = cursor
        self.anchor = anchor
        self.overlay = overlay
        self.recorded = recorded
        self.tokens = tokens
        self.axes = axes
        self.look = look
    }
}
