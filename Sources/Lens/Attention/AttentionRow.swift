/// What one query reads, in one head.
package struct AttentionRow: Equatable, Sendable {
    package let layer: Int
    package let head: Int
    /// The cursor.
    package let query: Int
    /// After softmax, one per key 0...query; 0 where the scenario hides the key. [query + 1]
    package let weights: [Float]
    /// Of the scaled scores, natural logarithm.
    package let logSumExp: Float
    package let provenance: Provenance

    package init(
        layer: Int, head: Int, query: Int, weights: [Float], logSumExp: Float, provenance: Provenance = .exact
    ) {
        self.layer = layer
        self.head = head
        self.query = query
        self.weights = weights
        self.logSumExp = logSumExp
        self.provenance = provenance
    }

    /// In bits: how many yes-or-no questions away the attended key is.
    package var entropy: Float {
        weights.reduce(0) { $1 > 0 ? $0 - $1 * ($1.logBase2) : $0 }
    }

    /// The keys with the highest weight, highest first; of equal ones the earlier first.
    package func topKeys(_ count: Int) -> [WeightedToken] {
        TopTokens.highest(count, in: weights)
    }
}

/// A token and the weight between it and the one that was asked about.
package struct WeightedToken: Equatable, Sendable {
    package let token: Int
    package let weight: Float

    package init(token: Int, weight: Float) {
        self.token = token
        self.weight = weight
    }
}
