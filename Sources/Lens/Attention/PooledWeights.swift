/// The weights of several heads at one place: a row or a column each, summed and the highest of each.
package struct PooledWeights: Equatable, Sendable {
    /// The token of the first weight.
    package let first: Int
    /// Over the heads. [token − first]
    package private(set) var sum: [Float]
    package private(set) var highest: [Float]
    package private(set) var heads: Int

    init(first: Int, weights: [Float]) {
        self.first = first
        (sum, highest, heads) = (weights, weights, 1)
    }

    /// Takes other heads of the same place into account.
    package mutating func add(_ other: PooledWeights) {
        for index in sum.indices where other.sum.indices.contains(index) {
            sum[index] += other.sum[index]
            highest[index] = max(highest[index], other.highest[index])
        }
        heads += other.heads
    }

    /// The mean over the heads. [token − first]
    package var mean: [Float] { sum.map { $0 / Float(heads) } }
}

extension Lens {
    /// What a query reads in all heads of a layer; nil where rows cannot be had.
    /// - Parameter leavingOut: keys that do not count, for every head; missing or empty: all count
    package func pooledRow(layer: Int, query: Int, leavingOut: [Set<Int>] = []) -> PooledWeights? {
        var pooled: PooledWeights?
        for head in 0..<shape.heads {
            guard var weights = row(layer: layer, head: head, query: query)?.weights else { return nil }
            if leavingOut.indices.contains(head) {
                for key in leavingOut[head] where weights.indices.contains(key) { weights[key] = 0 }
            }
            Self.add(PooledWeights(first: 0, weights: weights), to: &pooled)
        }
        return pooled
    }

    /// What all queries give a key in all heads of a layer, 0 in those that the key does not count in; nil for a preview.
    package func pooledColumn(layer: Int, key: Int, leavingOut: [Set<Int>] = []) -> PooledWeights? {
        var pooled: PooledWeights?
        for head in 0..<shape.heads {
            guard let column = column(layer: layer, head: head, key: key) else { return nil }
            let isOut = leavingOut.indices.contains(head) && leavingOut[head].contains(key)
            let weights = isOut ? [Float](repeating: 0, count: column.weights.count) : column.weights
            Self.add(PooledWeights(first: column.first, weights: weights), to: &pooled)
        }
        return pooled
    }

    private static func add(_ weights: PooledWeights, to pooled: inout PooledWeights?) {
        if pooled == nil { pooled = weights } else { pooled?.add(weights) }
    }
}
