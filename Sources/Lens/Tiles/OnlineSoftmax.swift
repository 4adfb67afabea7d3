import Foundation

/// A softmax whose scores come in parts: a running maximum m, sum l and output o that are rescaled when m rises.
package struct OnlineSoftmax: Equatable, Sendable {
    /// m: the highest score so far.
    package private(set) var highest = -Float.infinity
    /// l = Σ exp(score − m).
    package private(set) var sum: Float = 0
    /// o = Σ exp(score − m) · value. [dimension]
    package private(set) var output: [Float]

    package init(dimension: Int) { output = Array(repeating: 0, count: dimension) }

    /// What a part did.
    package struct Change: Equatable, Sendable {
        /// a = exp(m before − m after), which l and o were multiplied by.
        package let factor: Float
        /// Σ exp(score − m) of the part.
        package let added: Float
        /// The highest score of the part.
        package let highest: Float
    }

    /// Takes in some scores; hidden ones are −∞.
    /// - Parameter value: the value of the i-th of them. [dimension]
    @discardableResult
    package mutating func take(_ scores: [Float], value: (Int) -> [Float]) -> Change {
        let top = scores.max() ?? -.infinity
        let factor = raise(to: top)
        var added: Float = 0
        for (i, score) in scores.enumerated() where score > -.infinity {
            let weight = expf(score - highest)
            added += weight
            for (j, x) in zip(output.indices, value(i)) { output[j] += weight * x }
        }
        sum += added
        return Change(factor: factor, added: added, highest: top)
    }

    /// Puts another one's part beside its own: how the parts of split keys are joined.
    @discardableResult
    package mutating func merge(_ other: OnlineSoftmax) -> Change {
        let factor = raise(to: other.highest)
        let share = other.highest > -.infinity ? expf(other.highest - highest) : 0
        for (j, x) in zip(output.indices, other.output) { output[j] += share * x }
        sum += share * other.sum
        return Change(factor: factor, added: share * other.sum, highest: other.highest)
    }

    /// Rescales what is there; where nothing has been seen before and after, m stays −∞ and a is 0, not exp(−∞ + ∞).
    private mutating func raise(to top: Float) -> Float {
        let next = max(highest, top)
        let factor = highest > -.infinity ? expf(highest - next) : 0
        highest = next
        sum *= factor
        for j in output.indices { output[j] *= factor }
        return factor
    }

    /// o / l; nothing where no key was seen. [dimension]
    package var result: [Float] { output.map { sum > 0 ? $0 / sum : 0 } }
    /// m + ln l.
    package var logSumExp: Float { sum > 0 ? highest + logf(sum) : -.infinity }
}
