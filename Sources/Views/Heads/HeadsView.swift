import RopewalkCellGrid
import RopewalkLens

/// Which head does what: small maps of all heads, the scores of one, and all heads by one measure.
package struct HeadsView: Sendable {
    /// A head of the model.
    package struct Place: Equatable, Hashable, Sendable {
        package var layer: Int
        package var head: Int

        package init(layer: Int, head: Int) {
            self.layer = layer
            self.head = head
        }
    }

    /// Layer by layer; empty while nothing is recorded.
    package let scores: [HeadScore]
    /// On repeated random tokens, where textbook circuits show; empty until measured.
    package let circuits: [HeadScore]
    /// Whether circuits are looked for in these heads at all.
    package let measuresCircuits: Bool
    /// Layer by layer; every row of a picture on its own logarithmic scale.
    package let thumbnails: [MapImage]
    /// Heads of which nothing is recorded, as indices layer · heads + head.
    package var unrecorded: Set<Int> = []
    /// First tokens that do not count in the scales of small maps.
    package let leftOut: Int
    package let layers: Int
    package let heads: Int
    /// The head that the other views show.
    package let shown: Place
    /// The head that the keys have moved to; `shown` where they have not.
    package let selected: Place
    /// An index into `HeadScore.measures`.
    package let sort: Int
    /// What the heads give a place of the text, where that is what they are sorted by.
    package let place: PlaceRanking?
    /// A number for every head beside their scores, where that is what they are sorted by.
    let numbers: NumberRanking?
    /// The key that sorts by the next measure.
    let sortKey: String
    package let look: Look

    package init(
        scores: [HeadScore], circuits: [HeadScore] = [], thumbnails: [MapImage], leavingOutFirst: Int = 0, layers: Int,
        heads: Int,
        shown: Place, selected: Place? = nil, measuresCircuits: Bool = true, sort: Int = 0,
        place: PlaceRanking? = nil, numbers: NumberRanking? = nil, sortKey: String = "r", look: Look
    ) {
        self.scores = scores
        self.circuits = circuits
        self.measuresCircuits = measuresCircuits
        self.thumbnails = thumbnails
        leftOut = leavingOutFirst
        self.layers = max(0, layers)
        self.heads = max(0, heads)
        self.shown = shown
        self.selected = selected ?? shown
        self.sort = HeadScore.measures.indices.contains(sort) ? sort : 0
        self.place = place
        self.numbers = numbers
        self.sortKey = sortKey
        self.look = look
    }
}
