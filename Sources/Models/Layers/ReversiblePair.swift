/// Two streams of which each part reads one and adds to the other: Y₁ = X₁ + F(X₂), Y₂ = X₂ + G(Y₁).
///
/// What they were before follows from what they are behind: X₂ = Y₂ − G(Y₁), X₁ = Y₁ − F(X₂), but for rounding.
package struct ReversiblePair: Equatable, Sendable {
    package var first: [Float]
    package var second: [Float]

    package init(first: [Float], second: [Float]) {
        self.first = first
        self.second = second
    }

    /// - Parameters:
    ///   - f: reads the second stream
    ///   - g: reads the first one
    package func forward(_ f: ([Float]) -> [Float], _ g: ([Float]) -> [Float]) -> ReversiblePair {
        let first = zip(self.first, f(second)).map(+)
        return ReversiblePair(first: first, second: zip(second, g(first)).map(+))
    }

    package func inverse(_ f: ([Float]) -> [Float], _ g: ([Float]) -> [Float]) -> ReversiblePair {
        let second = zip(self.second, g(first)).map(-)
        return ReversiblePair(first: zip(first, f(second)).map(-), second: second)
    }

    /// The largest number, without signs.
    package var largest: Float { (first + second).reduce(0) { max($0, abs($1)) } }

    /// The largest difference of any number.
    package func distance(to other: ReversiblePair) -> Float {
        zip(first + second, other.first + other.second).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
