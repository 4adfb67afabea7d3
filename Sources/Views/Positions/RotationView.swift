import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// How far every subspace has turned between cursor and anchor, and what it adds to their score.
package struct RotationView: Sendable {
    /// The same pair in the same head of a second model.
    package struct Beside: Sendable {
        package let name: String
        package let pair: PairScore
        package let trained: TrainedRange

        package init(name: String, pair: PairScore, trained: TrainedRange) {
            self.name = name
            self.pair = pair
            self.trained = trained
        }
    }

    /// Nil where cursor or anchor is not recorded: the wavelengths are shown alone.
    package let pair: PairScore?
    /// Why there is no pair, the longest wording first.
    let missing: [String]
    /// The angles of the position method in force.
    package let rotation: Rotation
    /// What the model was trained with.
    package let context: RotaryContext
    /// The angles that are familiar to the model.
    package let trained: TrainedRange
    /// "RoPE", "Position interpolation ×4".
    package let methodTitle: String
    /// The first subspace on the screen, where not all fit.
    package private(set) var first: Int
    /// The subspace that other questions are asked about; nil: none is marked.
    package let selected: Int?
    /// Nil where there is no second model.
    package let beside: Beside?
    /// Dimensions of a head that do not turn (partial rotary positions).
    package let unturnedDimensions: Int
    package let look: Look

    package init(
        pair: PairScore?, missing: [String] = MissingPair.unread.map(\.said), rotation: Rotation,
        context: RotaryContext,
        trained: TrainedRange? = nil,
        methodTitle: String, first: Int = 0, selected: Int? = nil, beside: Beside? = nil,
        unturnedDimensions: Int = 0, look: Look
    ) {
        self.pair = pair
        self.missing = missing
        self.rotation = rotation
        self.context = context
        self.trained = trained ?? TrainedRange(context)
        self.methodTitle = methodTitle
        self.first = first
        self.selected = selected
        self.beside = beside
        self.unturnedDimensions = unturnedDimensions
        self.look = look
    }

    package func scrolled(to first: Int) -> Self {
        var view = self
        view.first = first
        return view
    }
}
