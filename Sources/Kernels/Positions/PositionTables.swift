/// The angles of a whole run: how queries and keys are turned before their product.
package struct PositionTables: Sendable {
    /// How some keys of every query are scored.
    package struct Piece: Sendable {
        package let queries: RotaryTable
        /// Which of the tables of keys; from `keys.count` on, the same as a compressed cache gives them back.
        package let slot: Int
        /// The keys of a query that are scored so, one stretch; nil for all.
        package let range: (@Sendable (_ query: Int) -> Range<Int>)?

        init(queries: RotaryTable, slot: Int, range: (@Sendable (Int) -> Range<Int>)?) {
            self.queries = queries
            self.slot = slot
            self.range = range
        }
    }

    /// At least one; for every query their ranges are disjoint.
    package let pieces: [Piece]
    /// The different ways in which keys are turned.
    package let keys: [RotaryTable]
    /// Multiply the scores of each query; empty for 1.
    package let queryScales: [Float]
    /// Adds q · [sin(t·ω), cos(t·ω)] for t = query − key, q before rotation; nil for nothing.
    package let sinusoid: RotaryTable?
    /// The distance that the sinusoid takes pairs further apart to have; nil for no limit.
    package let sinusoidLimit: Int?
    /// How many slots behind those of a piece the same keys are turned as at their folded places; nil where there are none.
    package private(set) var folded: Int?

    /// One way of turning for everything.
    package init(_ table: RotaryTable) {
        self.init(pieces: [(queries: table, keys: table, range: nil)])
    }

    package init(
        pieces: [(queries: RotaryTable, keys: RotaryTable, range: (@Sendable (Int) -> Range<Int>)?)],
        queryScales: [Float] = [], sinusoid: RotaryTable? = nil, sinusoidLimit: Int? = nil
    ) {
        // As PositionEncoding has them, which is never without a piece.
        precondition(!pieces.isEmpty)
        var keys: [RotaryTable] = []
        var result: [Piece] = []
        for piece in pieces {
            let slot = keys.firstIndex(of: piece.keys) ?? keys.count
            if slot == keys.count { keys.append(piece.keys) }
            result.append(Piece(queries: piece.queries, slot: slot, range: piece.range))
        }
        self.pieces = result
        self.keys = keys
        self.queryScales = queryScales
        self.sinusoid = sinusoid
        self.sinusoidLimit = sinusoidLimit
    }

    /// Without any rotation, for so many tokens.
    package static func unturned(tokens: Int) -> PositionTables {
        PositionTables(RotaryTable(frequencies: [], positions: max(1, tokens)))
    }

    /// The same where every query reads the keys before some place from a compressed cache.
    package func splitting(firstExact: @escaping @Sendable (_ query: Int) -> Int) -> PositionTables {
        let parts = pieces.flatMap { piece -> [Piece] in
            let range = piece.range
            let whole: @Sendable (Int) -> Range<Int> = { range?($0) ?? 0..<Int.max }
            return [
                Piece(queries: piece.queries, slot: piece.slot) { query in
                    let keys = whole(query)
                    return min(max(keys.lowerBound, firstExact(query)), keys.upperBound)..<keys.upperBound
                },
                Piece(queries: piece.queries, slot: piece.slot + keys.count) { query in
                    let keys = whole(query)
                    return keys.lowerBound..<max(keys.lowerBound, min(keys.upperBound, firstExact(query)))
                },
            ]
        }
        return PositionTables(pieces: parts, of: self)
    }

    /// The same with all keys turned a second time, as at other places, for queries that meet some of them there
    /// (`KeyPlaces`). Nil where near and far keys are scored in several ways.
    package func folding(_ table: RotaryTable) -> PositionTables? {
        guard pieces.count == 1, keys.count == 1 else { return nil }
        let isOther = table != keys[0]
        var result = PositionTables(pieces: pieces, keys: isOther ? keys + [table] : keys, of: self)
        result.folded = isOther ? 1 : 0
        return result
    }

    private init(pieces: [Piece], keys: [RotaryTable]? = nil, of tables: PositionTables) {
        self.pieces = pieces
        self.keys = keys ?? tables.keys
        folded = tables.folded
        queryScales = tables.queryScales
        sinusoid = tables.sinusoid
        sinusoidLimit = tables.sinusoidLimit
    }

    /// How many ways of keeping keys the pieces need: the tables, and as many again for a compressed cache.
    package var slots: Int { pieces.contains { $0.slot >= keys.count } ? 2 * keys.count : keys.count }

    /// Whether one product is all that a score needs.
    package var isSimple: Bool { pieces.count == 1 && sinusoid == nil }

    /// The angles of all scores, queries and keys alike; nil where they are not that simple.
    package var onlyTable: RotaryTable? {
        guard isSimple, queryScales.isEmpty, pieces[0].queries == keys[0] else { return nil }
        return keys[0]
    }

    /// The piece that scores a pair.
    package func piece(query: Int, key: Int) -> Int {
        pieces.firstIndex { $0.range?(query).contains(key) ?? true } ?? 0
    }

    /// Which piece scores which of the visible keys of a tile.
    struct Use: Sendable {
        let piece: Int
        /// [row, tileSize / 64], a bit per key; nil where it is all keys of all rows.
        let bits: [UInt64]?
    }

    /// The pieces that a tile needs, the first without bits: the others are laid over it.
    func uses(queries: [Int], visible: [[Range<Int>]]?, tile: Int) -> [Use] {
        guard pieces.count > 1 else { return [Use(piece: 0, bits: nil)] }
        let keys = tile * tileSize..<(tile + 1) * tileSize
        var uses: [Use] = []
        for (index, piece) in pieces.enumerated() {
            var bits = [UInt64](repeating: 0, count: queries.count * TileBits.words)
            var isUsed = false
            for (row, query) in queries.enumerated() {
                var range = (piece.range?(query) ?? keys).clamped(to: keys)
                if let rows = visible, let first = rows[row].first, let last = rows[row].last {
                    range = range.clamped(to: first.lowerBound..<last.upperBound)
                }
                guard !range.isEmpty else { continue }
                TileBits.set(range, of: keys, in: &bits, row: row)
                isUsed = true
            }
            if isUsed { uses.append(Use(piece: index, bits: uses.isEmpty ? nil : bits)) }
        }
        return uses.isEmpty ? [Use(piece: 0, bits: nil)] : uses
    }
}
