/// The score of one query and one key, split over the RoPE subspaces.
public struct PairScore: Equatable, Sendable {
    public struct Share: Equatable, Sendable {
        public let subspace: Int
        /// Of the key as seen from the query, radians, not wrapped.
        public let angle: Double
        /// |q_i||k_i| / √d: the most that this subspace could add or take.
        public let amplitude: Float
        /// What it does add to the scaled score.
        public let contribution: Float

        public init(subspace: Int, angle: Double, amplitude: Float, contribution: Float) {
            self.subspace = subspace
            self.angle = angle
            self.amplitude = amplitude
            self.contribution = contribution
        }
    }

    public let query: Int
    public let key: Int
    /// The scaled score before softmax: the sum of the contributions and of what does not turn, as far as the model does
    /// not cap it or add a bias.
    public let score: Float
    /// After softmax; nil where the scenario hides the key.
    public let weight: Float?
    public let shares: [Share]
    /// What dimensions that do not turn add.
    public let unturned: Float
    public let provenance: Provenance

    public init(
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
