import Foundation

/// Losses that were added up, and how many they are.
package struct LossSum: Equatable, Sendable {
    package private(set) var total = 0.0
    package private(set) var count = 0

    package init() {}

    package mutating func add(_ loss: Double) {
        total += loss
        count += 1
    }

    package mutating func add(_ other: LossSum) {
        total += other.total
        count += other.count
    }

    /// Nats; nil where there are none.
    package var mean: Double? { count > 0 ? total / Double(count) : nil }
    /// exp of the mean, which is not the mean of the perplexities of its parts.
    package var perplexity: Double? { mean.map { exp($0) } }
}

/// Losses by where their tokens stand in a text, over several texts of any lengths.
package struct LossBuckets: Equatable, Sendable {
    /// Where buckets begin, and where the last one ends. [bucket + 1]
    package let edges: [Int]
    /// [bucket]
    package private(set) var sums: [LossSum]

    /// - Parameter edges: ascending, at least two
    package init(edges: [Int]) {
        self.edges = edges
        sums = Array(repeating: LossSum(), count: max(0, edges.count - 1))
    }

    /// Buckets of one width, the last one as short as it has to be; wider ones where there would be more than 4,096.
    package init(width: Int, tokens: Int) {
        let width = max(1, width, (tokens + 4095) / 4096)
        self.init(edges: Array(stride(from: 0, to: max(1, tokens), by: width)) + [max(1, tokens)])
    }

    package func positions(_ bucket: Int) -> Range<Int> { edges[bucket]..<edges[bucket + 1] }

    /// The bucket that holds a position; nil for none.
    private func bucket(of position: Int) -> Int? {
        guard let first = edges.first, let last = edges.last, position >= first, position < last else { return nil }
        var (low, high) = (0, edges.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if edges[middle] <= position { low = middle } else { high = middle }
        }
        return low
    }

    package mutating func add(_ loss: Double, at position: Int) {
        if let bucket = bucket(of: position) { sums[bucket].add(loss) }
    }

    package var all: LossSum { sums.reduce(into: LossSum()) { $0.add($1) } }
}
