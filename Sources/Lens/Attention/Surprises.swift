/// What a model lost on every token of a text after those before it, and where that was most.
package struct Surprises: Equatable, Sendable {
    /// −ln p of every token but the first, in nats; what the token after token i cost stands at i. [token]
    package let losses: [Float]
    /// Tokens that cost at least as much are called surprises: one in fifty.
    package let threshold: Float
    /// Nats.
    package let mean: Float

    /// One token in so many is a surprise.
    package static let rarity = 50

    /// Nil where nothing is known.
    /// - Parameter losses: of the token after token i at i, in nats. [token]
    package init?(_ losses: [Float]) {
        let known = losses.filter(\.isFinite)
        guard !known.isEmpty else { return nil }
        self.losses = losses
        let count = max(1, known.count / Self.rarity)
        threshold = known.sorted(by: >)[count - 1]
        mean = known.reduce(0, +) / Float(known.count)
    }

    /// How probable a token was that cost so much, 0 to 1.
    package static func probability(nats: Float) -> Float { expFloat(-nats) }

    /// The tokens that cost most, the worst first; of equal ones the earlier first.
    package func worst(_ count: Int) -> [WeightedToken] {
        TopTokens.highest(count, in: losses, firstIndex: 1)
    }

    /// What a token cost; nil for the first one and where it is not known.
    package func loss(of token: Int) -> Float? {
        losses.indices.contains(token - 1) && losses[token - 1].isFinite ? losses[token - 1] : nil
    }

    /// The next surprise after a token, or the one before it.
    package func surprise(from token: Int, forwards: Bool) -> Int? {
        let isOne = { (place: Int) in losses[place] >= threshold }
        let split = min(max(0, token), losses.count)
        if forwards { return (split..<losses.count).first(where: isOne).map { $0 + 1 } }
        return losses[..<min(max(0, token - 1), losses.count)].indices.last(where: isOne).map { $0 + 1 }
    }
}
