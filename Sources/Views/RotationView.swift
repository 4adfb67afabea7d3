import CellGrid
import Lens
import Methods

/// How far every subspace has turned between cursor and anchor, and what it adds to their score.
public struct RotationView: Sendable {
    /// Nil where cursor or anchor is not recorded: the wavelengths are shown alone.
    public let pair: PairScore?
    /// The angles of the position method in force.
    public let rotation: Rotation
    /// What the model was trained with.
    public let context: RotaryContext
    /// "RoPE", "Position interpolation ×4".
    public let methodTitle: String
    /// The first subspace on the screen, where not all fit.
    public let first: Int
    public let look: Look

    public init(
        pair: PairScore?, rotation: Rotation, context: RotaryContext, methodTitle: String, first: Int = 0, look: Look
    ) {
        self.pair = pair
        self.rotation = rotation
        self.context = context
        self.methodTitle = methodTitle
        self.first = first
        self.look = look
    }
}
