import Foundation

/// T5's bias: distances fall into buckets, fine near the query and logarithmic far from it (Raffel et al. 2020).
package struct RelativeBuckets: Sendable {
    /// [bucket, head]
    let values: [Float]
    let heads: Int
    /// How many buckets there are in all.
    package let buckets: Int
    /// From this distance on all are in one bucket.
    package let maximumDistance: Int
    /// Whether keys after the query have buckets of their own.
    package let isBidirectional: Bool

    /// The bucket of a key that lies `offset` tokens after the query.
    package func bucket(offset: Int) -> Int {
        var count = buckets
        var first = 0
        var distance = -min(offset, 0)
        if isBidirectional {
            count /= 2
            first = offset > 0 ? count : 0
            distance = abs(offset)
        }
        let exact = count / 2
        if distance < exact { return first + distance }
        // In float32, as the reference rounds.
        let share =
            logf(Float(distance) / Float(max(1, exact))) / Float(log(Double(maximumDistance) / Double(max(1, exact))))
        return first + min(exact + Int(share * Float(count - exact)), count - 1)
    }

    /// What a head adds to the score of such a key.
    package func value(head: Int, offset: Int) -> Float { values[bucket(offset: offset) * heads + head] }
}
