/// What the panels about positions show.
public struct PositionChoices: Equatable, Sendable {
    public enum Rotation: CaseIterable, Equatable, Sendable {
        /// All subspaces for the pair of cursor and anchor.
        case pair
        /// All methods for one subspace and the pair.
        case methods
        /// One subspace over all distances.
        case distances
    }

    public enum Distance: CaseIterable, Equatable, Sendable {
        /// Effective over true distance.
        case curve
        /// Effective distances in the window of the attention map.
        case map
        /// The mean weight that the head gives each distance.
        case attention
    }

    public var rotation = Rotation.pair
    public var distance = Distance.curve
    public var subspace = 0
    public var isLossLogarithmic = false
    /// Index of the parameter that keys change, over all methods of the scenario.
    public var parameter = 0
}
