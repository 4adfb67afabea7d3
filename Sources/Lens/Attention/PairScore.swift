/// The score of one query and one key, split over the RoPE subspaces.
package struct PairScore: Equatable, Sendable {
    package struct Share: Equatable, Sendable {
        package let subspace: Int
        /// Of the key as seen from the query, radians, not wrapped.
        package let angle: Double
        /// |q_i||k_i| / √d: the most that this subspace could add or take.
        package let amplitude: Float
        /// What it does add to the scaled score.
        package let contribution: Float

        package init(subspace: Int, angle: Double, amplitude: Float, contribution: Float) {
            self.subspace = subspace
            self.angle = angle
            self.amplitude = amplitude
            self.contribution = contribution
        }
    }

    package let query: Int
    package let key: Int
    /// The scaled score before softmax: the sum of the contributions and of what does not turn, as far as the model does
    /// not cap it or add a bias.
    package let score: Float
    /// After softmax; nil where the scenario hides the key.
    package let weight: Float?
    package let shares: [Share]
    /// What dimensions that do not turn add.
    package let unturned: Float
    package let provenance: Provenance

    package init(
        query: Int, key: Int, score: Float, weight: Float?, shares: [Share], unturned: Float = 0,
        provenance: Provenance = .exact
    ) {
        self.query = query
        self.key = key
        self.score = score
        self.weight = weight
        self.shares = shares
        self.unturned = unturned
        self.provenance = provenance
    }
}
