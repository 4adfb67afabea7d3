import Foundation

/// Okapi BM25: how much a chunk has of the terms of a query, beside how long it is.
package struct BM25: Equatable, Sendable {
    /// How rare a term is.
    package enum Rarity: Equatable, Sendable {
        /// ln(1 + (N − n + ½) / (n + ½)), never below 0 (Lucene).
        case plusOne
        /// ln((N − n + ½) / (n + ½)), 10⁻⁶ where that is not above 0 (SQLite's FTS5).
        case fts5
    }

    /// How soon more of a term adds nothing.
    package var k1 = 1.2
    /// How much the length of a chunk counts, 0 to 1.
    package var b = 0.75
    package var rarity = Rarity.plusOne

    package init(k1: Double = 1.2, b: Double = 0.75, rarity: Rarity = .plusOne) {
        (self.k1, self.b, self.rarity) = (k1, b, rarity)
    }

    /// What a term is worth.
    /// - Parameters:
    ///   - chunks: all there are
    ///   - count: those that have the term
    package func rarity(count: Int, of chunks: Int) -> Double {
        let ratio = (Double(chunks - count) + 0.5) / (Double(count) + 0.5)
        switch rarity {
        case .plusOne: return log(1 + ratio)
        case .fts5:
            let value = log(ratio)
            return value <= 0 ? 1e-6 : value
        }
    }

    /// What a chunk gets for having a term.
    /// - Parameters:
    ///   - frequency: how often it has the term
    ///   - length: its terms
    ///   - mean: those of a chunk on average
    package func share(frequency: Int, length: Int, mean: Double) -> Double {
        let f = Double(frequency)
        return f * (k1 + 1) / (f + k1 * (1 - b + b * Double(length) / mean))
    }
}
