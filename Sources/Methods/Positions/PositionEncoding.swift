/// What a position method makes of a text: all that is needed to score any pair of query and key.
///
/// The score of a pair in piece p is Σ over subspaces of the turned query times the turned key, so the angle of
/// subspace i between query q and key k is `queries.angle(i, q) − keys.angle(i, k)`. A method with one piece turns every
/// token by its own angle; a method with several (ReRoPE, Self-Extend, dual chunk attention) has a score for near and
/// another for far keys, and each key of a query belongs to exactly one piece.
package struct PositionEncoding: Sendable {
    /// At least one. For every query the ranges of the pieces are disjoint and cover 0...query.
    package let pieces: [PositionPiece]
    /// Multiplies the scores of a query (log-n scaling); nil for 1.
    package let queryScale: (@Sendable (_ query: Int) -> Double)?
    /// What is added to the scaled scores.
    package let bias: PositionBias
    /// The distance that a pair further apart has in the bias (LM-Infinite's limit for ALiBi, Transformer-XL's
    /// `clamp_len`); nil for no limit.
    package let biasLimit: Int?
    /// What is added to the embedding of a token, given its place and the hidden size; nil for nothing.
    package let embedding: (@Sendable (_ token: Int, _ hidden: Int) -> [Double])?

    package init(
        pieces: [PositionPiece], queryScale: (@Sendable (Int) -> Double)? = nil, bias: PositionBias = .none,
        biasLimit: Int? = nil, embedding: (@Sendable (Int, Int) -> [Double])? = nil
    ) {
        // Methods list their pieces in their source, near before far: none has an empty list.
        precondition(!pieces.isEmpty)
        self.pieces = pieces
        self.queryScale = queryScale
        self.bias = bias
        self.biasLimit = biasLimit
        self.embedding = embedding
    }

    /// Every token turned by its index times the frequencies.
    package init(_ rotation: Rotation) {
        self.init(pieces: [PositionPiece(name: "all", queries: Turning(rotation), keys: Turning(rotation))])
    }

    /// The piece that scores a pair.
    package func piece(query: Int, key: Int) -> Int {
        pieces.firstIndex { $0.keys(of: query).contains(key) } ?? 0
    }

    /// The angle of a subspace between a query and a key, radians, not wrapped.
    package func angle(_ subspace: Int, query: Int, key: Int) -> Double {
        let piece = pieces[piece(query: query, key: key)]
        return piece.queries.angle(subspace, token: query) - piece.keys.angle(subspace, token: key)
    }

    /// The angles between a query and a key, radians, not wrapped. [subspace]
    package func angles(query: Int, key: Int) -> [Double] {
        let piece = pieces[piece(query: query, key: key)]
        return zip(piece.queries.angles(token: query), piece.keys.angles(token: key)).map(-)
    }
}

/// How some keys of every query are scored.
package struct PositionPiece: Sendable {
    /// What the piece is for: "near", "far".
    package let name: String
    package let queries: Turning
    package let keys: Turning
    /// The keys that a query scores with this piece, one stretch; nil for all.
    package let range: (@Sendable (_ query: Int) -> Range<Int>)?
    /// The distance that the method takes query and key to be apart; nil where it is `query − key`.
    package let distance: (@Sendable (_ query: Int, _ key: Int) -> Double)?

    package init(
        name: String, queries: Turning, keys: Turning, range: (@Sendable (Int) -> Range<Int>)? = nil,
        distance: (@Sendable (Int, Int) -> Double)? = nil
    ) {
        self.name = name
        self.queries = queries
        self.keys = keys
        self.range = range
        self.distance = distance
    }

    package func keys(of query: Int) -> Range<Int> { range?(query) ?? 0..<Int.max }
}

/// How tokens are turned: the angle of subspace i at a token is position · frequency.
package struct Turning: Sendable {
    /// Radians a position, one per subspace, fastest first.
    package let inverseFrequencies: [Double]
    /// Multiplies cos and sin.
    package let factor: Double
    /// Where a token stands; nil for its index.
    package let position: (@Sendable (_ token: Int) -> Double)?
    /// The frequencies of a token where they are not those above (keys cached under another base); nil for none such.
    package let frequencies: (@Sendable (_ token: Int) -> [Double])?
    /// Multiplies cos and sin of a subspace at a token (xPos); nil for 1.
    package let amplitude: (@Sendable (_ subspace: Int, _ token: Int) -> Double)?

    package init(
        inverseFrequencies: [Double], factor: Double = 1, position: (@Sendable (Int) -> Double)? = nil,
        frequencies: (@Sendable (Int) -> [Double])? = nil, amplitude: (@Sendable (Int, Int) -> Double)? = nil
    ) {
        self.inverseFrequencies = inverseFrequencies
        self.factor = factor
        self.position = position
        self.frequencies = frequencies
        self.amplitude = amplitude
    }

    package init(_ rotation: Rotation) {
        self.init(inverseFrequencies: rotation.inverseFrequencies, factor: rotation.attentionFactor)
    }

    /// Where a token stands.
    package func place(_ token: Int) -> Double { position?(token) ?? Double(token) }

    /// The angle of a subspace at a token, radians, not wrapped. `angles` is faster for more than one.
    package func angle(_ subspace: Int, token: Int) -> Double {
        place(token) * (frequencies?(token) ?? inverseFrequencies)[subspace]
    }

    /// The angles of a token, radians, not wrapped. [subspace]
    package func angles(token: Int) -> [Double] {
        let place = place(token)
        return (frequencies?(token) ?? inverseFrequencies).map { place * $0 }
    }
}

/// What is added to the scaled scores.
package enum PositionBias: Equatable, Sendable {
    case none
    /// −slope · (query − key), a slope a head (ALiBi).
    case slopes([Double])
    /// q · [sin(t·ω), cos(t·ω)] / √d for t = query − key, q before rotation: Transformer-XL's content-distance term.
    case sinusoid(inverseFrequencies: [Double])
}
