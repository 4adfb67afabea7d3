extension PositionTables {
    /// Whether the first tokens, whole tiles of them, are turned as by other tables, in one way.
    package func agrees(with other: PositionTables, tokens: Int) -> Bool {
        let tiles = tokens / tileSize
        return pieces.count == other.pieces.count && sinusoid == nil && other.sinusoid == nil
            && zip(pieces, other.pieces).allSatisfy { mine, its in
                mine.range == nil && its.range == nil && mine.slot == its.slot
                    && mine.queries.agrees(with: its.queries, tiles: tiles)
            }
            && keys.count == other.keys.count && zip(keys, other.keys).allSatisfy { $0.agrees(with: $1, tiles: tiles) }
            && queryScales.prefix(tokens) == other.queryScales.prefix(tokens)
    }
}

extension RotaryTable {
    /// Whether the angles of the first tiles are those of another table.
    fileprivate func agrees(with other: RotaryTable, tiles: Int) -> Bool {
        let count = tiles * subspaces * tileSize
        return subspaces == other.subspaces && factor == other.factor && cosine.count >= count
            && other.cosine.count >= count && cosine.prefix(count) == other.cosine.prefix(count)
            && sine.prefix(count) == other.sine.prefix(count)
    }
}
