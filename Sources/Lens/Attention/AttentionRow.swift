/// What one query reads, in one head.
public struct AttentionRow: Equatable, Sendable {
    /// From 0.
    public let layer: Int
    /// From 0.
    public let head: Int
    /// The cursor.
    public let query: Int
    /// After softmax, one per key 0...query; 0 where the scenario hides the key. [query + 1]
    ///
    /// Of a kernel whose weights may be below 0, their sizes as shares of all of the row.
    public let weights: [Float]
    /// Of the scaled scores, natural logarithm; NaN where there is no such sum.
    public let logSumExp: Float
    /// Weights as values are multiplied by them, where some may be below 0; nil where they are `weights`. [query + 1]
    public let signedWeights: [Float]?
    /// How the weights came about.
    public let provenance: Provenance

    package init(
        layer: Int, head: Int, query: Int, weights: [Float], logSumExp: Float, signedWeights: [Float]? = nil,
        provenance: Provenance = .exact
    ) {
        self.layer = layer
        self.head = head
        self.query = query
        self.weights = weights
        self.logSumExp = logSumExp
        self.signedWeights = signedWeights
        self.provenance = provenance
    }

    /// In bits: how many yes-or-no questions away the attended key is; NaN where weights may be below 0.
    public var entropy: Float {
        signedWeights != nil ? .nan : weights.reduce(0) { $1 > 0 ? $0 - $1 * ($1.logBase2) : $0 }
    }

    /// The keys with the highest weight, highest first; of equal ones the earlier first.
    public func topKeys(_ count: Int) -> [WeightedToken] {
        TopTokens.highest(count, in: weights)
    }
}

/// A token and the weight between it and the one that was asked about.
public struct WeightedToken: Equatable, Sendable {
    /// Its place in the text, from 0.
    public let token: Int
    /// After softmax, 0 to 1.
    public let weight: Float

    package init(token: Int, weight: Float) {
        self.token = token
        self.weight = weight
    }
}
