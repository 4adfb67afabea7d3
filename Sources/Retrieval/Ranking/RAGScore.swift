import Foundation

/// How probable an answer is where it may rest on any of several documents (RAG).
package enum RAGScore {
    /// One document for the whole answer: ln Σ p(z) · Π p(yₜ | z).
    /// - Parameters:
    ///   - priors: ln p(z). [document]
    ///   - tokens: ln p(yₜ | z). [document][token]
    package static func sequence(priors: [Double], tokens: [[Double]]) -> Double {
        logSum(zip(priors, tokens).map { $0 + $1.reduce(0, +) })
    }

    /// Any document for every token: ln Π Σ p(z) · p(yₜ | z).
    package static func token(priors: [Double], tokens: [[Double]]) -> Double {
        let count = tokens.map(\.count).min() ?? 0
        return (0..<count).reduce(0) { sum, place in sum + logSum(zip(priors, tokens).map { $0 + $1[place] }) }
    }

    /// ln p(z) from scores, as RAG has it: a softmax over those that were found.
    /// - Parameter temperature: what scores are divided by, above 0; with it the scale of the scores decides everything
    package static func priors(_ scores: [Double], temperature: Double = 1) -> [Double] {
        let scaled = scores.map { $0 / temperature }
        let sum = logSum(scaled)
        return scaled.map { $0 - sum }
    }

    private static func logSum(_ values: [Double]) -> Double {
        guard let highest = values.max(), highest.isFinite else { return -.infinity }
        return highest + log(values.reduce(0) { $0 + exp($1 - highest) })
    }
}
