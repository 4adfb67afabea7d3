import Foundation
import RopewalkKernels

/// Several feed-forward layers, of which a router chooses a few for every token (Shazeer et al. 2017, Mixtral 2024).
struct MixtureOfExperts: Sendable {
    struct Expert: Sendable {
        /// Nil where the activation stands alone.
        let gate: WeightMatrix?
        let up: WeightMatrix
        let down: WeightMatrix
    }

    /// An expert that works for every token.
    struct Shared: Sendable {
        let expert: Expert
        /// sigmoid of this is its share; nil for 1. [1, hidden]
        var gate: WeightMatrix?
    }

    /// [experts, hidden]
    let router: WeightMatrix
    let experts: [Expert]
    let rule: RoutingRule
    let gating: Gating
    var shared: Shared?

    /// y = Σ of the chosen experts, weighted as the rule says, and of the shared one.
    /// - Parameter routed: how many tokens of the text each expert has had before
    func apply(
        to x: Matrix, rows: Int, into y: Matrix, routed: inout [Int], workers: Workers
    ) -> RouterChoice {
        let logits = Matrix(rows: rows, columns: experts.count)
        router.apply(to: x, rows: rows, output: logits, workers: workers)
        var choice = RouterChoice(
            logits: logits.copy(rows: 0..<rows), experts: experts.count, rule: rule, routed: &routed)
        for row in 0..<rows { y.setRow(row, to: [Float](repeating: 0, count: y.columns)[...]) }
        for (index, expert) in experts.enumerated() {
            // The tokens that this expert works for, together.
            let places = choice.experts.indices.filter { choice.experts[$0] == Int32(index) }
            guard !places.isEmpty else { continue }
            let input = Matrix(rows: places.count, columns: x.columns)
            for (row, place) in places.enumerated() {
                let token = place / rule.chosen
                input.setRow(row, to: x.copy(rows: token..<token + 1)[...])
                if rule.scalesInputs { input.scaleRow(row, by: choice.weights[place]) }
            }
            let output = expert.apply(to: input, rows: places.count, gating: gating, workers: workers)
            for (row, place) in places.enumerated() {
                let factor = rule.scalesInputs ? 1 : choice.weights[place]
                y.addRow(place / rule.chosen, output, row: row, factor: factor)
            }
        }
        choice.shared = addShared(of: x, rows: rows, to: y, workers: workers)
        return choice
    }

    /// - Returns: what its output was multiplied by; nil without one. [row]
    private func addShared(of x: Matrix, rows: Int, to y: Matrix, workers: Workers) -> [Float]? {
        guard let shared else { return nil }
        let output = shared.expert.apply(to: x, rows: rows, gating: gating, workers: workers)
        let gates = Matrix(rows: rows, columns: 1)
        shared.gate?.apply(to: x, rows: rows, output: gates, workers: workers)
        let shares = gates.copy(rows: 0..<rows).map { shared.gate == nil ? 1 : 1 / (1 + expf(-$0)) }
        for row in 0..<rows { y.addRow(row, output, row: row, factor: shares[row]) }
        return shares
    }
}

extension MixtureOfExperts.Expert {
    /// down(gating(gate(x), up(x))). [row, hidden]
    func apply(to x: Matrix, rows: Int, gating: Gating, workers: Workers) -> Matrix {
        let inner = Matrix(rows: rows, columns: up.outputs)
        let output = Matrix(rows: rows, columns: down.outputs)
        up.apply(to: x, rows: rows, output: inner, workers: workers)
        var result = inner
        if let gate {
            result = Matrix(rows: rows, columns: gate.outputs)
            gate.apply(to: x, rows: rows, output: result, workers: workers)
            gating.apply(result, inner, rows: rows, workers: workers)
        } else if case .product(let activation) = gating {
            Elementwise.apply(activation, to: result, rows: rows, workers: workers)
        }
        down.apply(to: result, rows: rows, output: output, workers: workers)
        return output
    }
}

/// What an expert makes of its gate and of what that gates.
enum Gating: Sendable {
    /// activation(gate) · up
    case product(Activation)
    /// gate · sigmoid(alpha · gate) · (up + 1), both cut off at the limit (gpt-oss)
    case clampedSwish(alpha: Float, limit: Float)

    /// gate = what becomes of both.
    func apply(_ gate: Matrix, _ up: Matrix, rows: Int, workers: Workers) {
        switch self {
        case .product(.silu): Elementwise.siluMultiply(gate, up, rows: rows, workers: workers)
        case .product(let activation):
            Elementwise.apply(activation, to: gate, rows: rows, workers: workers)
            Elementwise.multiply(gate, up, rows: rows, workers: workers)
        case .clampedSwish(let alpha, let limit):
            Elementwise.clampedSwish(gate, up, alpha: alpha, limit: limit, rows: rows, workers: workers)
        }
    }
}
