/// The score of one query and one key, split over the RoPE subspaces.
public struct PairScore: Equatable, Sendable {
    /// What one pair of rotary dimensions adds.
    public struct Share: Equatable, Sendable {
        /// From 0, the fastest.
        public let subspace: Int
        /// Of the key as seen from the query, radians, not wrapped.
        public let angle: Double
        /// |q_i||k_i| / √d: the most that this subspace could add or take.
        public let amplitude: Float
        /// What it does add to the scaled score.
        public let contribution: Float

        package init(subspace: Int, angle: Double, amplitude: Float, contribution: Float) {
            self.subspace = subspace
            self.angle = angle
            self.amplitude = amplitude
            self.contribution = contribution
        }
    }

    /// The token that reads, from 0.
    public let query: Int
    /// The token that is read, from 0.
    public let key: Int
    /// The scaled score before softmax: the sum of the contributions and of what does not turn, as far as the model does
    /// not cap it or add a bias.
    public let score: Float
    /// After softmax; nil where the scenario hides the key.
    public let weight: Float?
    /// One a subspace, the fastest first.
    public let shares: [Share]
    /// What dimensions that do not turn add.
    public let unturned: Float
    /// How the score came about.
    public let provenance: Provenance

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
