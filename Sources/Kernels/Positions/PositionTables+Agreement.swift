extension PositionTables {
    /// Whether the first tokens, whole tiles of them, are turned as by other tables, in one way.
    package func agrees(with other: PositionTables, tokens: Int) -> Bool {
        let tiles = tokens / tileSize
        return pieces.count == other.pieces.count && folded == other.folded && sinusoid == nil && other.sinusoid == nil
            && zip(pieces, other.pieces).allSatisfy { mine, its in
                mine.range == nil && its.range == nil && mine.slot == its.slot
                    && mine.queries.agrees(with: its.queries, tiles: tiles)
            }
            && keys.count == other.keys.count && zip(keys, other.keys).allSatisfy { $0.agrees(with: $1, tiles: tiles) }
            && queryScales.prefix(tokens) == other.queryScales.prefix(tokens)
    }
}

extension PositionTables {
    /// Whether the first tokens, in any number, are turned as by other tables, also where near and far keys are turned in
    /// several ways.
    package func turnsAlike(_ other: PositionTables, tokens: Int) -> Bool {
        guard pieces.count == other.pieces.count, keys.count == other.keys.count,
            sinusoidLimit == other.sinusoidLimit, (sinusoid == nil) == (other.sinusoid == nil)
        else { return false }
        for (mine, its) in zip(pieces, other.pieces) {
            guard mine.slot == its.slot, (mine.range == nil) == (its.range == nil),
                mine.queries.agrees(with: its.queries, tokens: tokens)
            else { return false }
            guard let range = mine.range, let itsRange = its.range else { continue }
            let isSame = (0..<tokens).allSatisfy {
                range($0).clamped(to: 0..<tokens) == itsRange($0).clamped(to: 0..<tokens)
            }
            if !isSame { return false }
        }
        let tables = zip(keys, other.keys).allSatisfy { $0.agrees(with: $1, tokens: tokens) }
        let isSinusoidSame = sinusoid.flatMap { mine in other.sinusoid.map { mine.agrees(with: $0, tokens: tokens) } }
        return tables && isSinusoidSame ?? true
            && queryScales.prefix(tokens) == other.queryScales.prefix(tokens)
    }
}

extension RotaryTable {
    /// Whether the angles of the first tokens are those of another table.
    fileprivate func agrees(with other: RotaryTable, tokens: Int) -> Bool {
        let tiles = tokens / tileSize
        guard agrees(with: other, tiles: tiles) else { return false }
        let rest = tokens % tileSize
        guard rest > 0, subspaces > 0 else { return true }
        return agrees(with: other, tile: tiles, tokens: rest)
    }
}
