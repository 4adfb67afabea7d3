import Foundation
import RopewalkKernels

/// Several feed-forward layers, of which a router chooses a few for every token (Shazeer et al. 2017, Mixtral 2024).
struct MixtureOfExperts: Sendable {
    struct Expert: Sendable {
        let gate: WeightMatrix
        let up: WeightMatrix
        let down: WeightMatrix
    }

    /// [experts, hidden]
    let router: WeightMatrix
    let experts: [Expert]
    /// Experts a token.
    let chosen: Int
    let activation: Activation

    /// y = Σ of the chosen experts, weighted by their share of the router's probability.
    func apply(to x: Matrix, rows: Int, into y: Matrix, workers: Workers) -> RouterChoice {
        let logits = Matrix(rows: rows, columns: experts.count)
        router.apply(to: x, rows: rows, output: logits, workers: workers)
        let choice = RouterChoice(logits: logits.copy(rows: 0..<rows), experts: experts.count, chosen: chosen)
        for row in 0..<rows { y.setRow(row, to: [Float](repeating: 0, count: y.columns)[...]) }
        for (index, expert) in experts.enumerated() {
            // The tokens that this expert works for, together.
            let places = choice.experts.indices.filter { choice.experts[$0] == Int32(index) }
            guard !places.isEmpty else { continue }
            let input = Matrix(rows: places.count, columns: x.columns)
            for (row, place) in places.enumerated() {
                input.setRow(row, to: x.copy(rows: place / chosen..<place / chosen + 1)[...])
            }
            let output = Matrix(rows: places.count, columns: y.columns)
            let scratch = FeedForward.Scratch(rows: places.count, intermediate: expert.gate.outputs)
            _ = FeedForward.gated(gate: expert.gate, up: expert.up, down: expert.down, activation).apply(
                to: input, rows: places.count, into: output, scratch: scratch, workers: workers)
            for (row, place) in places.enumerated() {
                y.addRow(place / chosen, output, row: row, factor: choice.weights[place])
            }
        }
        return choice
    }
}

/// What a router chose for the tokens of a chunk.
package struct RouterChoice: Equatable, Sendable {
    /// [token, expert]
    package let logits: [Float]
    /// How many experts there are, and how many a token has.
    package let count: Int
    package let chosen: Int
    /// The strongest first, of equal ones the first. [token, chosen]
    package let experts: [Int32]
    /// Shares of the chosen experts, 1 in all. [token, chosen]
    package let weights: [Float]

    /// Softmax over all experts, the highest of them, and their shares of each other.
    init(logits: [Float], experts count: Int, chosen: Int) {
        self.logits = logits
        self.count = count
        self.chosen = chosen
        var experts: [Int32] = []
        var weights: [Float] = []
        for start in stride(from: 0, to: logits.count, by: count) {
            let row = logits[start..<start + count]
            let highest = row.max() ?? 0
            let best = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }.prefix(chosen)
            let exponentials = best.map { expf(row[$0] - highest) }
            let sum = exponentials.reduce(0, +)
            experts += best.map { Int32($0 - start) }
            weights += exponentials.map { $0 / sum }
        }
        self.experts = experts
        self.weights = weights
    }
}
