import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods

/// A window of the attention map of one head: queries downwards, keys to the right.
package struct MapView: Sendable {
    /// Nil while nothing is recorded.
    package let image: MapImage?
    package let request: MapRequest
    package let scale: Scale
    package let cursor: Int?
    package let anchor: Int?
    /// What a mask hides, or where two differ. Nil: no overlay.
    package let overlay: MapOverlay?
    /// Tokens recorded so far, and tokens of the document.
    package let recorded: Int
    package let tokens: Int
    /// What the axes are: queries and keys, or across the decoder and the encoder.
    package let axes: Axes
    /// The size of a token, where it is larger than a cell of the screen.
    package let growth: MapGrowth?
    /// The names of tokens, for maps that have grown.
    package let queryName: @Sendable (Int) -> String
    package let keyName: @Sendable (Int) -> String
    package let look: Look

    /// The names of the axes.
    package struct Axes: Equatable, Sendable {
        package let queries: String
        package let keys: String

        package init(queries: String, keys: String) {
            self.queries = queries
            self.keys = keys
        }

        package static let own = Axes(queries: "query", keys: "key")
    }

    package init(
        image: MapImage?, request: MapRequest, scale: Scale, cursor: Int?, anchor: Int?,
        overlay: MapOverlay? = nil, recorded: Int, tokens: Int, axes: Axes = .own, growth: MapGrowth? = nil,
        queryName: @escaping @Sendable (Int) -> String = { $0.grouped },
        keyName: @escaping @Sendable (Int) -> String = { $0.grouped }, look: Look
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
        self.growth = growth
        self.queryName = queryName
        self.keyName = keyName
        self.look = look
    }
}
