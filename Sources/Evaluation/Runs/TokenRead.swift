import Foundation
import RopewalkKernels
import RopewalkModels

/// What a model makes of one token that stands in a text, given the tokens before it.
package struct TokenRead: Equatable, Sendable {
    /// The token that it holds most likely; of equal ones the lowest id, as greedy generation takes it.
    package let best: Int32
    /// How many tokens it holds more likely, and 1; 1 where `best` is the token itself.
    package let rank: Int
    /// −ln p of the token, nats.
    package let loss: Double

    /// - Parameter logits: of all tokens of the vocabulary; the token is one of them
    init(_ logits: [Float], token: Int32) {
        let own = Int(token)
        guard logits.indices.contains(own), logits[own].isFinite, let highest = logits.max(), highest.isFinite else {
            (best, rank, loss) = (-1, logits.count, .infinity)
            return
        }
        best = Int32(logits.firstIndex(of: highest) ?? 0)
        var before = 0
        for (id, logit) in logits.enumerated() where logit > logits[own] || logit == logits[own] && id < own {
            before += 1
        }
        rank = before + 1
        let sum = logits.reduce(0.0) { $0 + exp(Double($1) - Double(highest)) }
        loss = Double(highest) + log(sum) - Double(logits[own])
    }

    /// Of the last tokens of a recorded text, and the token that is most likely behind it.
    static func of(
        _ tokens: Range<Int>, in recording: Recording, model: Model, workers: Workers
    ) -> (tokens: [TokenRead], next: Int32?)? {
        guard tokens.lowerBound > 0, tokens.upperBound <= recording.tokens,
            let logits = model.logits(
                after: tokens.lowerBound - 1..<tokens.upperBound, in: recording, workers: workers)
        else { return nil }
        let reads = tokens.enumerated().map { row, token in
            TokenRead(logits.copy(rows: row..<row + 1), token: recording.ids[token])
        }
        let last = logits.copy(rows: tokens.count..<tokens.count + 1)
        return (reads, last.max().flatMap { last.firstIndex(of: $0) }.map { Int32($0) })
    }
}
