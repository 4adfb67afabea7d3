import RopewalkPhrases

/// The angles of every subspace of a model under a position method, for people and for programs.
package struct RopeTable: Equatable, Sendable, Codable {
    package struct Subspace: Equatable, Sendable, Codable {
        package let index: Int
        /// Radians a token; of a method with several pieces, that of the first.
        package let inverseFrequency: Double
        /// Tokens a full turn; nil where the subspace does not turn.
        package let wavelength: Double?
        /// Full turns in the trained window.
        package let turnsInWindow: Double
        /// Whether it never makes a full turn in the trained window.
        package let critical: Bool
        /// Radians, not wrapped, one per position: between the token there and the first of the text.
        package let angles: [Double]
    }

    /// How some keys of every query are scored.
    package struct Piece: Equatable, Sendable, Codable {
        package let name: String
        /// Radians a place, of queries and of keys. [subspace]
        package let inverseFrequencies: [Double]
        /// Where the tokens at the positions stand as queries and as keys. [position]
        package let queryPlaces: [Double]
        package let keyPlaces: [Double]
        /// How far the piece takes the tokens at the positions to be from the first token. [position]
        package let distances: [Double]
    }

    /// The model's name, nil where the numbers were given by hand.
    package let model: String?
    /// The method's spec.
    package let method: String
    package let headDim: Int
    package let base: Double
    /// Trained window, tokens; in layers that reach less far, what those reach.
    package let window: Int
    /// The layers of the model that turn so, from 0; nil where the numbers were given by hand. The JSON form of one table has
    /// the keys that were agreed on, and leaves it to what holds the tables of all kinds.
    package private(set) var layers: [Int]?
    package let attentionFactor: Double
    package let subspaces: [Subspace]
    /// The positions of the angles.
    package let positions: [Int]
    /// At least one.
    package let pieces: [Piece]
    /// The piece that scores a token at a position with the first token. [position]
    package let pieceAtPositions: [Int]
    /// What multiplies the scores of a query at a position; nil where the method scales none. [position]
    package let queryScales: [Double]?
    /// What multiplies a subspace's share of the score between a position and the first token, where that fades with
    /// the distance; nil where it does not. [position][subspace]
    package let fades: [[Double]]?
    /// What a score loses with every token of distance; nil where the method has no such bias. [head]
    package let slopes: [Double]?

    /// The table of a method; `positions` nil: 0, 1, the last of the window, the last of four windows.
    /// - Parameter reach: one more than the furthest that queries and keys are apart; nil for no bound
    package init(
        model: String? = nil, method: any PositionMethod = RoPE(), in context: RotaryContext, layers: [Int]? = nil,
        reach: Int? = nil, positions: [Int]? = nil
    ) throws(MethodError) {
        try context.check()
        if let problem = method.problem(in: context) {
            throw .contradiction(method: type(of: method).description.name, problem)
        }
        let positions = positions ?? Self.positions(in: context, reach: reach)
        let rotation = method.rotation(in: context)
        // A short text may have no far keys, so what depends on the place of a query is asked of one that reaches all
        // positions; frequencies that depend on the length are those of the text.
        let reaching = method.encoding(in: context.reaching(positions.max() ?? 0))
        let encoding = reaching.pieces.count > 1 ? reaching : method.encoding(in: context)
        let trained = method.trainedRange(in: context).window
        let window = min(trained, reach ?? trained)
        self.model = model
        self.layers = layers
        self.method = method.spec
        self.positions = positions
        self.window = window
        headDim = context.dimensions
        base = context.base
        attentionFactor = rotation.attentionFactor
        pieces = encoding.pieces.map { Piece($0, positions: positions) }
        pieceAtPositions = positions.map { encoding.piece(query: $0, key: 0) }
        queryScales = reaching.queryScale.map { positions.map($0) }
        fades = encoding.pieces[0].fades(positions: positions)
        if case .slopes(let slopes) = encoding.bias { self.slopes = slopes } else { slopes = nil }
        let angles = positions.map { encoding.angles(query: $0, key: 0) }
        subspaces = rotation.inverseFrequencies.indices.map { index in
            let wavelength = rotation.wavelength(index)
            return Subspace(
                index: index, inverseFrequency: rotation.inverseFrequencies[index],
                wavelength: wavelength.isFinite ? wavelength : nil,
                turnsInWindow: Double(window) / wavelength,
                critical: rotation.isCritical(index, window: window),
                angles: angles.map { $0[index] })
        }
    }
}

extension RopeTable {
    /// Those that tell most: near, and at the ends of what is seen in training and beyond.
    private static func positions(in context: RotaryContext, reach: Int?) -> [Int] {
        if let reach, reach < context.trainedWindow { return [0, 1, reach - 1].filter { $0 < reach } }
        return [0, 1, context.trainedWindow - 1, 4 * context.trainedWindow - 1]
    }
}

extension RopeTable.Piece {
    init(_ piece: PositionPiece, positions: [Int]) {
        name = piece.name
        inverseFrequencies = piece.queries.inverseFrequencies
        queryPlaces = positions.map(piece.queries.place)
        keyPlaces = positions.map(piece.keys.place)
        distances = positions.map { piece.effectiveDistance(query: $0, key: 0) }
    }
}

extension PositionPiece {
    /// The product of both amplitudes, of a query at a position and of the first key; nil where there is none.
    fileprivate func fades(positions: [Int]) -> [[Double]]? {
        guard let query = queries.amplitude, let key = keys.amplitude else { return nil }
        return positions.map { position in
            queries.inverseFrequencies.indices.map { query($0, position) * key($0, 0) }
        }
    }
}

extension RotaryContext {
    /// The context of a text that has a token at `position`.
    fileprivate func reaching(_ position: Int) -> RotaryContext {
        RotaryContext(
            dimensions: dimensions, base: base, trainedWindow: trainedWindow, tokens: max(tokens, position + 1),
            heads: heads)
    }

    /// Refuses what no model has: the numbers may come from a command line.
    fileprivate func check() throws(MethodError) {
        guard (2...65536).contains(dimensions), dimensions % 2 == 0 else {
            throw .rotaryOutOfRange(
                name: say("head dimensions"), value: "\(dimensions)", range: say("even numbers 2 to 65,536"))
        }
        guard base > 1, base <= 1e15 else {
            throw .rotaryOutOfRange(name: say("base"), value: "\(base)", range: say("numbers above 1, up to 1e15"))
        }
        guard (1...1_073_741_824).contains(trainedWindow) else {
            throw .rotaryOutOfRange(
                name: say("window"), value: "\(trainedWindow)", range: say("1 to 1,073,741,824 tokens"))
        }
    }
}
