/// Where the middle half of some figures lies.
package struct Spread: Codable, Equatable, Sendable {
    /// Half are at most this.
    package let median: Double
    /// A quarter are at most this.
    package let lower: Double
    /// Three quarters are at most this.
    package let upper: Double

    /// Between two figures a quantile lies as far as its place does (Hyndman and Fan's seventh definition, NumPy's default).
    /// - Returns: nil where there is no figure, or one that is no number.
    package init?(_ figures: [Double]) {
        guard !figures.isEmpty, figures.allSatisfy(\.isFinite) else { return nil }
        let sorted = figures.sorted()
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let below = Int(place)
            guard below + 1 < sorted.count else { return sorted[below] }
            return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
        }
        (median, lower, upper) = (quantile(0.5), quantile(0.25), quantile(0.75))
    }
}
