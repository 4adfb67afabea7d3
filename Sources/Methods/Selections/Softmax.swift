import Foundation

/// exp(s − max) / Σ exp(s − max), in float64; empty for no scores. [scores.count]
func softmax<Score: BinaryFloatingPoint>(_ scores: [Score]) -> [Double] {
    guard let highest = scores.max() else { return [] }
    let top = Double(highest)
    var weights = scores.map { exp(Double($0) - top) }
    let sum = weights.reduce(0, +)
    for index in weights.indices { weights[index] /= sum }
    return weights
}

/// a·b in float64.
func dot<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(_ a: [A], _ b: [B]) -> Double {
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += Double(x) * Double(y) }
    return sum
}

extension Double {
    /// Three significant digits, for a sentence: "0.0312", "−4.5".
    var short: String {
        let text = String(format: "%.3g", self)
        return text.hasPrefix("-") ? "−" + text.dropFirst() : text
    }
}
