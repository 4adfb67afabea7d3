/// How fast one channel or head forgets, token by token.
package struct MixerFading: Equatable, Sendable {
    package let layer: Int
    package let unit: Int
    /// Tokens until half of the state would be left if every token were like this one: ln ½ / ln a, a token each. Where the
    /// states of a channel fade differently (Mamba), that of the slowest.
    package let halfLives: [Float]
    /// Σ ln a up to a token, itself included; it falls where a token empties the state. A token each.
    package let logarithms: [Float]

    /// The half-life that a share of the tokens does not reach; nil where nothing is recorded.
    package func quantile(_ share: Double) -> Float? {
        let ordered = halfLives.sorted()
        guard !ordered.isEmpty else { return nil }
        return ordered[min(ordered.count - 1, Int(share * Double(ordered.count)))]
    }
}

/// What a layer keeps of the tokens before, against what attention would keep.
package struct MixerStateSize: Equatable, Sendable {
    /// Numbers of the state of one layer, whatever the tokens.
    package let numbers: Int
    /// Numbers that a layer with attention keeps of every token: of this model's own such layers, else of one whose keys
    /// and values are as wide as the stream.
    package let cachedPerToken: Int
    /// Whether the model has such layers.
    package let hasAttention: Bool
    package let tokens: Int

    /// Numbers of the cache of all tokens.
    package var cached: Int { cachedPerToken * tokens }
    /// Tokens from which on the cache is the larger one.
    package var breakEven: Int { numbers / max(1, cachedPerToken) + 1 }
}
