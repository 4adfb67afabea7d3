/// What the panels about positions show.
package struct PositionChoices: Equatable, Sendable {
    package enum Rotation: CaseIterable, Hashable, Sendable {
        /// All subspaces for the pair of cursor and anchor.
        case pair
        /// All methods for one subspace and the pair.
        case methods
        /// One subspace over all distances.
        case distances
    }

    package enum Distance: CaseIterable, Hashable, Sendable {
        /// Effective over true distance.
        case curve
        /// Effective distances in the window of the attention map.
        case map
        /// The mean weight that the head gives each distance.
        case attention
    }

    package var rotation = Rotation.pair
    package var distance = Distance.curve
    package var subspace = 0
    /// Index of the parameter that keys change, over all methods of the scenario.
    package var parameter = 0
    /// The first method in the list of all.
    package var firstMethod = 0
    /// The first line of what stands in place of the rotation.
    package var firstLine = 0
}
