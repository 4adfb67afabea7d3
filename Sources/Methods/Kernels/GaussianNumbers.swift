import Foundation

/// Normally distributed numbers, the same for the same seed everywhere: Box and Muller's on SplitMix64's (Steele, Lea
/// and Flood 2014).
struct GaussianNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func row(_ count: Int) -> [Double] { (0..<count).map { _ in next() } }

    private mutating func next() -> Double {
        // The logarithm takes no 0.
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// 0 to under 1.
    private mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) / 9_007_199_254_740_992
    }
}
