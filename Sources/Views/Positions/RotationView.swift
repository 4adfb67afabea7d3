import CellGrid
import Lens
import Methods

/// How far every subspace has turned between cursor and anchor, and what it adds to their score.
public struct RotationView: Sendable {
    /// The same pair in the same head of a second model.
    public struct Beside: Sendable {
        public let name: String
        public let pair: PairScore
        public let trained: TrainedRange

        public init(name: String, pair: PairScore, trained: TrainedRange) {
            self.name = name
            self.pair = pair
            self.trained = trained
        }
    }

    /// Nil where cursor or anchor is not recorded: the wavelengths are shown alone.
    public let pair: PairScore?
    /// The angles of the position method in force.
    public let rotation: Rotation
    /// What the model was trained with.
    public let context: RotaryContext
    /// The angles that are familiar to the model.
    public let trained: TrainedRange
    /// "RoPE", "Position interpolation ×4".
    public let methodTitle: String
    /// The first subspace on the screen, where not all fit.
    public let first: Int
    /// The subspace that other questions are asked about; nil: none is marked.
    public let selected: Int?
    /// Nil where there is no second model.
    public let beside: Beside?
    /// Dimensions of a head that do not turn (partial rotary positions).
    public let unturnedDimensions: Int
    public let look: Look

    public init(
        pair: PairScore?, rotation: Rotation, context: RotaryContext, trained: TrainedRange? = nil,
        methodTitle: String, first: Int = 0, selected: Int? = nil, beside: Beside? = nil,
        unturnedDimensions: Int = 0, look: Look
    ) {
        self.pair = pair
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
}
