/// What all recorded queries give one key, in one head.
package struct AttentionColumn: Equatable, Sendable {
    package let key: Int
    /// The query of the first weight.
    package let first: Int
    /// After softmax, one per query from `first` on; 0 for those that do not see the key. [query − first]
    package let weights: [Float]

    package init(key: Int, first: Int, weights: [Float]) {
        self.key = key
        self.first = first
        self.weights = weights
    }

    /// The query after the last one that is known.
    package var end: Int { first + weights.count }

    /// The queries with the highest weight, highest first; of equal ones the earlier first.
    package func topQueries(_ count: Int) -> [WeightedToken] {
        TopTokens.highest(count, in: weights, firstIndex: first)
    }
}

extension Lens {
    /// Nil for a preview, which does not know the sums of the queries, and where the key is not recorded.
    package func attentionColumn(layer: Int, head: Int, key: Int) -> AttentionColumn? {
        column(layer: layer, head: head, key: key).map {
            AttentionColumn(key: key, first: $0.first, weights: $0.weights)
        }
    }
}
