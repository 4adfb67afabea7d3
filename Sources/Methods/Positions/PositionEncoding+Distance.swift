extension PositionEncoding {
    /// How far apart the method takes query and key to be, in tokens of the model's training: g(q, k).
    ///
    /// A method that moves tokens (interpolation, ReRoPE, Self-Extend, chunks) says so, and its angles are g·θ with the
    /// frequencies θ of plain RoPE. For one that changes frequencies alone g is `query − key`, and its angles are those
    /// times its own frequencies.
    package func effectiveDistance(query: Int, key: Int) -> Double {
        pieces[piece(query: query, key: key)].effectiveDistance(query: query, key: key)
    }

    /// The same for one query by true distance: g at distance t is that of key query − t.
    ///
    /// `distances` within 0...query.
    package func distanceCurve(query: Int, distances: some Sequence<Int>) -> [Double] {
        distances.map { effectiveDistance(query: query, key: query - $0) }
    }
}

extension PositionPiece {
    /// How far apart the piece takes query and key to be, whichever keys it is for.
    package func effectiveDistance(query: Int, key: Int) -> Double {
        distance?(query, key) ?? Double(query - key)
    }
}
