import Foundation
import RopewalkKernels

/// How a router's logits become a choice and its weights.
package struct RoutingRule: Equatable, Sendable {
    package enum Score: Sendable {
        /// Of all experts together.
        case softmax
        /// Of every expert by itself.
        case sigmoid
    }

    /// Groups of experts of which only the best take part (DeepSeek).
    package struct Groups: Equatable, Sendable {
        let count: Int
        let kept: Int
        /// How many of a group's best scores make up its own.
        let best: Int
    }

    /// Experts a token.
    package let chosen: Int
    package var score = Score.softmax
    /// Whether the weights of the chosen ones are made to be 1 in all.
    package var normalises = true
    /// Multiplies the weights.
    package var scale: Float = 1
    /// Added to the scores for the choice alone; nil for none.
    var correction: [Float]?
    package var groups: Groups?
    /// Tokens of a text that an expert works for; the weights of those after them are 0 (Switch). Nil for all.
    package var capacity: Int?
    /// Whether the weights multiply what the experts read in place of what they give (Llama 4).
    package var scalesInputs = false

    package init(
        chosen: Int, score: Score = .softmax, normalises: Bool = true, scale: Float = 1, groups: Groups? = nil,
        capacity: Int? = nil, scalesInputs: Bool = false
    ) {
        self.chosen = chosen
        self.score = score
        self.normalises = normalises
        self.scale = scale
        self.groups = groups
        self.capacity = capacity
        self.scalesInputs = scalesInputs
    }

    /// The scores of a token's experts.
    func scores(_ logits: ArraySlice<Float>) -> [Float] {
        switch score {
        case .sigmoid: return logits.map { 1 / (1 + expf(-$0)) }
        case .softmax:
            let highest = logits.max() ?? 0
            let exponentials = logits.map { expf($0 - highest) }
            let sum = exponentials.reduce(0, +)
            return exponentials.map { $0 / sum }
        }
    }

    /// The experts of a token, the strongest first, of equal ones the first.
    func choice(_ scores: [Float]) -> [Int] {
        let ranked = correction.map { zip(scores, $0).map { $0 + $1 } } ?? scores
        let best = allowed(ranked).sorted { (ranked[$1], $0) < (ranked[$0], $1) }
        return best.prefix(chosen).sorted { (scores[$1], $0) < (scores[$0], $1) }
    }

    /// The experts of the groups that take part.
    private func allowed(_ ranked: [Float]) -> [Int] {
        guard let groups else { return Array(ranked.indices) }
        let size = ranked.count / groups.count
        let strengths = (0..<groups.count).map { group in
            ranked[group * size..<(group + 1) * size].sorted(by: >).prefix(groups.best).reduce(0, +)
        }
        let kept = strengths.indices.sorted { (strengths[$1], $0) < (strengths[$0], $1) }.prefix(groups.kept)
        return kept.sorted().flatMap { Array($0 * size..<($0 + 1) * size) }
    }
}

/// What a router chose for the tokens of a chunk.
package struct RouterChoice: Equatable, Sendable {
    /// [token, expert]
    package private(set) var logits: [Float]
    /// How many experts there are, and how many a token has.
    package let count: Int
    package let chosen: Int
    /// The strongest first, of equal ones the first. [token, chosen]
    package private(set) var experts: [Int32]
    /// What the chosen experts are multiplied by; in most families 1 in all. [token, chosen]
    package private(set) var weights: [Float]
    package let rule: RoutingRule
    /// What the expert that works for every token is multiplied by; nil without one. [token]
    package internal(set) var shared: [Float]?

    /// - Parameter routed: how many tokens of the text each expert has had; empty before the first
    package init(logits: [Float], experts count: Int, rule: RoutingRule, routed: inout [Int]) {
        if routed.isEmpty { routed = Array(repeating: 0, count: count) }
        self.logits = logits
        self.count = count
        self.rule = rule
        chosen = rule.chosen
        var experts: [Int32] = []
        var weights: [Float] = []
        for start in stride(from: 0, to: logits.count, by: count) {
            let scores = rule.scores(logits[start..<start + count])
            let best = rule.choice(scores)
            let sum = rule.normalises ? best.reduce(0) { $0 + scores[$1] } : 1
            experts += best.map { Int32($0) }
            for expert in best { routed[expert] += 1 }
            let capacity = rule.capacity ?? .max
            weights += best.map { routed[$0] > capacity ? 0 : scores[$0] / sum * rule.scale }
        }
        self.experts = experts
        self.weights = weights
    }

    /// Adds what the same router chose for the tokens that come next.
    mutating func append(_ other: RouterChoice) {
        logits += other.logits
        experts += other.experts
        weights += other.weights
        if let added = other.shared { shared = (shared ?? []) + added }
    }

    /// Adds its tokens to those that each expert has had.
    func count(in routed: inout [Int]) {
        if routed.isEmpty { routed = Array(repeating: 0, count: count) }
        for expert in experts { routed[Int(expert)] += 1 }
    }
}
