import Foundation

/// How the tokens of a text are spread over the experts of a layer (Fedus et al. 2021).
package struct ExpertLoads: Equatable, Sendable {
    /// Tokens that were read.
    package let tokens: Int
    /// Experts of a token.
    package let chosen: Int
    /// Tokens that chose each expert, those without room among them. [expert]
    package let loads: [Int]
    /// Mean over the tokens. [expert]
    package let meanProbabilities: [Double]
    /// Bits. [token]
    package let entropies: [Float]
    /// The expert, and how many tokens have chosen it before. [token, chosen]
    package let experts: [Int32]
    package let positions: [Int32]
    /// Mean of (ln Σ exp of the logits)².
    package let zLoss: Double
    /// Tokens of an expert in the run itself; nil where it had room for all.
    package let ownCapacity: Int?

    package init(_ router: RouterReading) {
        let tokens = router.tokens
        var loads = [Int](repeating: 0, count: router.count)
        var sums = [Double](repeating: 0, count: router.count)
        var squares = 0.0
        var entropies: [Float] = []
        var experts: [Int32] = []
        var positions: [Int32] = []
        for token in 0..<tokens {
            for expert in router.experts(token) {
                experts.append(Int32(expert))
                positions.append(Int32(loads[expert]))
                loads[expert] += 1
            }
            for (expert, probability) in router.probabilities(token).enumerated() { sums[expert] += probability }
            entropies.append(Float(router.entropy(token)))
            squares += pow(router.logSumExp(token), 2)
        }
        self.tokens = tokens
        chosen = router.chosen
        self.loads = loads
        meanProbabilities = sums.map { $0 / Double(max(1, tokens)) }
        self.entropies = entropies
        self.experts = experts
        self.positions = positions
        zLoss = squares / Double(max(1, tokens))
        ownCapacity = router.rule.capacity
    }

    /// Tokens that chose each expert, by all tokens: in all as many as a token has experts. [expert]
    package var shares: [Double] { loads.map { Double($0) / Double(max(1, tokens)) } }

    /// E · Σ f · P: f the share of the tokens that chose an expert, P its mean probability. As many as a token has
    /// experts where all have the same; training multiplies it by a small α.
    package var auxiliaryLoss: Double {
        Double(loads.count) * zip(shares, meanProbabilities).reduce(0) { $0 + $1.0 * $1.1 }
    }

    package var meanEntropy: Double { entropies.reduce(0) { $0 + Double($1) } / Double(max(1, tokens)) }

    /// ⌊tokens · factor / experts⌋: what an expert has room for.
    /// - Parameter factor: 0 or more; the largest number of tokens where the product is no number
    package static func capacity(tokens: Int, factor: Double, experts: Int) -> Int {
        let room = (Double(tokens) * max(0, factor) / Double(max(1, experts))).rounded(.down)
        return room < Double(Int32.max) ? Int(room) : Int(Int32.max)
    }

    package func capacity(factor: Double) -> Int {
        Self.capacity(tokens: tokens, factor: factor, experts: loads.count)
    }

    /// Which choices find no room: the text's first tokens come first. [token, chosen]
    package func dropped(capacity: Int) -> [Bool] { positions.map { Int($0) >= capacity } }

    /// Tokens that find no room with any of their experts: the layer gives nothing for them, the stream goes on.
    package func lostTokens(capacity: Int) -> Int {
        let dropped = dropped(capacity: capacity)
        return (0..<tokens).count { token in
            dropped[token * chosen..<(token + 1) * chosen].allSatisfy { $0 }
        }
    }

    /// Choices that find no room, by all choices.
    package func droppedShare(capacity: Int) -> Double {
        let lost = loads.reduce(0) { $0 + max(0, $1 - capacity) }
        return Double(lost) / Double(max(1, positions.count))
    }
}
