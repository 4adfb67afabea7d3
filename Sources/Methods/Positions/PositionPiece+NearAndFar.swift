extension PositionEncoding {
    /// Plain angles for the last `window` keys of every query, the far piece for those before.
    ///
    /// In a text of up to `window` tokens no key is far, and the encoding is that of the rotation alone.
    static func near(
        _ rotation: Rotation, window: Int, far: PositionPiece, tokens: Int,
        queryScale: (@Sendable (Int) -> Double)? = nil
    ) -> PositionEncoding {
        let all = PositionPiece(name: "all", queries: Turning(rotation), keys: Turning(rotation))
        guard window < tokens else { return PositionEncoding(pieces: [all], queryScale: queryScale) }
        let near = PositionPiece(name: "near", queries: all.queries, keys: all.keys) { query in
            max(0, query - window + 1)..<query + 1
        }
        return PositionEncoding(pieces: [near, far], queryScale: queryScale)
    }
}

extension PositionPiece {
    /// The keys before the last `window` ones of a query.
    static func far(
        _ queries: Turning, _ keys: Turning, before window: Int, distance: @escaping @Sendable (Int, Int) -> Double
    ) -> PositionPiece {
        PositionPiece(
            name: "far", queries: queries, keys: keys, range: { 0..<max(0, $0 - window + 1) }, distance: distance)
    }

    /// Keys before the last `window` ones, all of them `limit` away from the query.
    static func far(_ rotation: Rotation, before window: Int, at limit: Int) -> PositionPiece {
        .far(
            Turning(rotation, position: { _ in Double(limit) }), Turning(rotation, position: { _ in 0 }),
            before: window, distance: { _, _ in Double(limit) })
    }

    /// Keys that left a cache of `sink` first and `window` last keys, but for the sinks, which stand where they stood:
    /// a query is never further from them than the cache is long.
    ///
    /// Keys between, which such a cache has evicted, stand just after the sinks.
    static func sinks(_ rotation: Rotation, sink: Int, window: Int) -> PositionPiece {
        let query = Turning(rotation, position: { Double(min($0, sink + window - 1)) })
        let key = Turning(rotation, position: { Double(min($0, sink)) })
        return .far(query, key, before: window, distance: { Double(min($0, sink + window - 1) - min($1, sink)) })
    }
}

extension Turning {
    /// Tokens that stand elsewhere than at their index.
    init(_ rotation: Rotation, position: @escaping @Sendable (Int) -> Double) {
        self.init(
            inverseFrequencies: rotation.inverseFrequencies, factor: rotation.attentionFactor, position: position)
    }
}
