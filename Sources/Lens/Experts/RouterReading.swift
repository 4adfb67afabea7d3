import Foundation
import RopewalkModels

/// What the router of one layer made of the recorded tokens.
package struct RouterReading: Equatable, Sendable {
    package let layer: Int
    /// A chunk each; all but the last have as many tokens.
    private let choices: [RouterChoice]
    private let chunkSize: Int

    /// Nil where nothing is recorded or the layer has no router.
    package init?(_ recording: Recording, layer: Int) {
        guard (0..<recording.shape.layers).contains(layer), recording.kind != .cross else { return nil }
        let choices = recording.chunks.compactMap { $0.layers.indices.contains(layer) ? $0.layers[layer].router : nil }
        self.init(layer: layer, choices: choices, chunkSize: recording.chunkSize)
    }

    package init?(layer: Int, choices: [RouterChoice], chunkSize: Int) {
        guard let first = choices.first, first.count > 0, first.chosen > 0 else { return nil }
        self.layer = layer
        self.choices = choices
        self.chunkSize = chunkSize
    }

    /// The layers of a recording that have a router.
    package static func layers(of recording: Recording) -> [Int] {
        guard recording.kind != .cross else { return [] }
        return recording.chunks.first?.layers.indices.filter { recording.chunks[0].layers[$0].router != nil } ?? []
    }

    package var rule: RoutingRule { choices[0].rule }
    /// Experts of the layer, without the one that works for every token.
    package var count: Int { choices[0].count }
    /// Experts of a token, without that one.
    package var chosen: Int { choices[0].chosen }
    package var hasShared: Bool { choices[0].shared != nil }
    package var tokens: Int { choices.reduce(0) { $0 + $1.experts.count / chosen } }

    private func place(_ token: Int) -> (choice: RouterChoice, row: Int) {
        (choices[token / chunkSize], token % chunkSize)
    }

    /// The experts of a token, the strongest first.
    package func experts(_ token: Int) -> [Int] {
        let (choice, row) = place(token)
        return choice.experts[row * chosen..<(row + 1) * chosen].map { Int($0) }
    }

    /// What they were multiplied by in the run; 0 for one that had no room.
    package func weights(_ token: Int) -> [Float] {
        let (choice, row) = place(token)
        return Array(choice.weights[row * chosen..<(row + 1) * chosen])
    }

    /// What the expert that works for every token was multiplied by; nil without one.
    package func sharedWeight(_ token: Int) -> Float? {
        let (choice, row) = place(token)
        return choice.shared?[row]
    }

    /// [expert]
    package func logits(_ token: Int) -> ArraySlice<Float> {
        let (choice, row) = place(token)
        return choice.logits[row * count..<(row + 1) * count]
    }

    /// The scores of all experts, 1 in all: softmax of the logits, or each one's sigmoid by the sum of them. [expert]
    package func probabilities(_ token: Int) -> [Double] {
        let scores = scores(token)
        let sum = scores.reduce(0, +)
        return sum > 0 ? scores.map { $0 / sum } : scores.map { _ in 1 / Double(count) }
    }

    /// What the chosen experts are multiplied by where all have room. [chosen]
    package func gates(_ token: Int) -> [Double] {
        let scores = scores(token)
        let own = experts(token).map { scores[$0] }
        let sum = rule.normalises ? own.reduce(0, +) : 1
        return own.map { sum > 0 ? $0 / sum * Double(rule.scale) : 0 }
    }

    /// Of the probabilities of a token, bits.
    package func entropy(_ token: Int) -> Double {
        probabilities(token).reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
    }

    /// ln Σ exp of a token's logits.
    func logSumExp(_ token: Int) -> Double {
        let logits = logits(token).map { Double($0) }
        let highest = logits.max() ?? 0
        return highest + log(logits.reduce(0) { $0 + exp($1 - highest) })
    }

    private func scores(_ token: Int) -> [Double] {
        let logits = logits(token).map { Double($0) }
        switch rule.score {
        case .sigmoid: return logits.map { 1 / (1 + exp(-$0)) }
        case .softmax:
            let highest = logits.max() ?? 0
            let powers = logits.map { exp($0 - highest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }
}

extension Lens {
    /// What the router of a layer chose; nil where the layer has none.
    ///
    /// It is the run's, whatever is previewed on it.
    package func router(layer: Int) -> RouterReading? { RouterReading(recording, layer: layer) }
}
