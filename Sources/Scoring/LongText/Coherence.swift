import Foundation

/// How much better a model predicts a text for knowing more of what comes before (LongWanjuan).
package struct Coherence: Equatable, Sendable {
    /// How texts are cut: as published pieces of 4,096 tokens, of which the last 1,024 are predicted after 3,072 and after 1,024
    /// tokens. Other sizes keep these shares.
    package struct Sizes: Equatable, Sendable {
        package let piece: Int
        /// Tokens that are predicted, and those before them without the rest of the piece.
        package var predicted: Int { piece / 4 }
        /// Tokens of the run without context.
        package var short: Int { 2 * predicted }

        /// - Parameter window: tokens that the model reads; pieces have at most 4,096, at least 16 and a multiple of 4
        package init(window: Int) { piece = max(16, min(4096, window) / 4 * 4) }

        /// Where the pieces begin that are read of so many tokens: whole pieces alone, at most `most`, evenly spread.
        package func starts(_ tokens: Int, most: Int) -> [Int] {
            let count = tokens / piece
            guard count > 0, most > 0 else { return [] }
            guard count > most else { return (0..<count).map { $0 * piece } }
            return (0..<most).map { place in
                (most == 1 ? 0 : place * (count - 1) / (most - 1)) * piece
            }
        }
    }

    /// What one run gave on the predicted tokens of a piece.
    package struct Reading: Equatable, Sendable {
        /// The share whose most probable token was the right one.
        package let accuracy: Double
        /// exp of the mean loss.
        package let perplexity: Double

        package init(accuracy: Double, perplexity: Double) { (self.accuracy, self.perplexity) = (accuracy, perplexity) }
    }

    /// A piece read with all of its tokens and with few.
    package struct Piece: Equatable, Sendable {
        /// Its first token in the document.
        package let start: Int
        package let with: Reading
        package let without: Reading

        package init(start: Int, with: Reading, without: Reading) {
            (self.start, self.with, self.without) = (start, with, without)
        }

        package var accuracyDelta: Double { with.accuracy - without.accuracy }
        package var perplexityDelta: Double { without.perplexity - with.perplexity }
    }

    package let pieces: [Piece]

    package init(_ pieces: [Piece]) { self.pieces = pieces }

    /// Means over the pieces, as published: of accuracies, and of perplexities (not of losses).
    package var with: Reading { mean(\.with) }
    package var without: Reading { mean(\.without) }

    private func mean(_ path: KeyPath<Piece, Reading>) -> Reading {
        let count = Double(max(1, pieces.count))
        return Reading(
            accuracy: pieces.reduce(0) { $0 + $1[keyPath: path].accuracy } / count,
            perplexity: pieces.reduce(0) { $0 + $1[keyPath: path].perplexity } / count)
    }

    package var accuracyDelta: Double { with.accuracy - without.accuracy }
    package var accuracyRatio: Double { accuracyDelta / (with.accuracy + 1e-5) }
    package var perplexityDelta: Double { without.perplexity - with.perplexity }
    /// As published it is stored under the name of the ratio of accuracies, which it takes the place of.
    package var perplexityRatio: Double { perplexityDelta / (without.perplexity + 1e-5) }
}
