import Foundation

/// How one query spreads its attention.
package struct RowMeasures: Equatable, Sendable {
    /// −Σ w ln w, nats.
    package let entropy: Double
    /// Of the most that as many keys could have, ln(keys): 0 to 1; nil where there is one key.
    package let normalisedEntropy: Double?
    /// Σ w · (query − key), tokens.
    package let distance: Double
    /// The same of equal weights.
    package let uniformDistance: Double

    /// How many equal keys would spread as widely.
    package var effectiveKeys: Double { exp(entropy) }

    /// - Parameter weights: of all keys that the query could see, hidden ones with 0. [key]
    package init(_ weights: [Float], query: Int) {
        var (entropy, distance) = (0.0, 0.0)
        for (key, weight) in weights.enumerated() where weight > 0 {
            let weight = Double(weight)
            entropy -= weight * log(weight)
            distance += weight * Double(query - key)
        }
        // −1 · ln 1 is −0.
        self.entropy = max(0, entropy)
        self.distance = distance
        normalisedEntropy = weights.count > 1 ? max(0, entropy) / log(Double(weights.count)) : nil
        uniformDistance = weights.isEmpty ? 0 : Double(query) - Double(weights.count - 1) / 2
    }
}
