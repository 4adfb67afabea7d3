import Foundation

/// What a model lost on every place of a text, or on average over several texts of one length.
package struct LossByPosition: Equatable, Sendable {
    /// Mean −ln p in nats. Element i is the loss of the token that follows the first i + 1 tokens. [tokens − 1]
    package let means: [Double]
    /// Texts that the means are over.
    package let texts: Int
    /// Mean loss in nats of each byte that all models of a comparison predict; nil where they read the same tokens.
    package var perByte: [Double]?

    package init(means: [Double], texts: Int, perByte: [Double]? = nil) {
        self.means = means
        self.texts = texts
        self.perByte = perByte
    }

    /// The same with bytes as places; as it is where it is not known by bytes.
    package var byBytes: LossByPosition { perByte.map { LossByPosition(means: $0, texts: texts) } ?? self }

    /// The mean over `losses`, an array a text, all equally long.
    package init(_ losses: [[Float]]) {
        let count = losses.map(\.count).min() ?? 0
        let sums = losses.reduce(into: [Double](repeating: 0, count: count)) { sums, text in
            for place in 0..<count { sums[place] += Double(text[place]) }
        }
        self.init(means: sums.map { $0 / Double(max(1, losses.count)) }, texts: losses.count)
    }

    /// The mean loss of some places, nats; nil where there are none of them.
    package func mean(over places: Range<Int>) -> Double? {
        let inside = places.clamped(to: means.indices)
        guard !inside.isEmpty else { return nil }
        return means[inside].reduce(0, +) / Double(inside.count)
    }

    /// exp of the mean loss: between how many equally likely tokens the model seemed to choose.
    package func perplexity(over places: Range<Int>) -> Double? { mean(over: places).map { exp($0) } }

    /// Perplexity of every stretch of `length` places; the last one may be shorter.
    package func perplexities(every length: Int) -> [(places: Range<Int>, perplexity: Double)] {
        stride(from: 0, to: means.count, by: max(1, length)).compactMap { start in
            let places = start..<min(start + max(1, length), means.count)
            return perplexity(over: places).map { (places, $0) }
        }
    }
}
