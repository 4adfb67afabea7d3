import CRopewalkKernels

/// The keys of one head as scores are made of them, from a run's cache or turned when they are asked for.
///
/// One thread at a time may ask.
package final class TurnedKeys {
    private enum Source {
        case cache(KeyValueCache, head: Int)
        case tiles([KeyTile])
    }

    private let source: Source
    private let plainTile: (_ tile: Int) -> KeyTile
    private let positions: PositionTables
    private let dimension: Int
    /// All keys as a compressed cache gives them back, turned, for every way of turning; only tiles need them, a run's
    /// cache has them in slots of its own.
    private let compressed: () -> [[KeyTile]]
    /// Tiles that have been turned already. [slot, dimension · tileSize]
    private var turned: [Int: Matrix] = [:]
    /// The queries that were scored last: the next question is mostly about the same one.
    private var last: (place: Int, head: Int, queries: TurnedQueries)?

    /// - Parameter plainTile: the tile of a number before rotation, which the cache does not keep
    package init(
        _ cache: KeyValueCache, head: Int, positions: PositionTables, plainTile: @escaping (Int) -> KeyTile
    ) {
        source = .cache(cache, head: head)
        self.plainTile = plainTile
        self.positions = positions
        dimension = cache.dimension
        compressed = { [] }
    }

    /// - Parameters:
    ///   - tiles: of all tokens from the first on, before rotation
    ///   - compressed: the same as a compressed cache gives them back, asked for where the positions read such a cache
    package init(
        _ tiles: [KeyTile], dimension: Int, positions: PositionTables,
        compressed: @escaping () -> [[KeyTile]] = { [] }
    ) {
        source = .tiles(tiles)
        plainTile = { tiles[$0] }
        self.positions = positions
        self.dimension = dimension
        self.compressed = compressed
    }

    private func tile(_ index: Int, slot: Int) -> UnsafePointer<Float> {
        switch source {
        case .cache(let cache, let head): return UnsafePointer(cache.keyTile(head: head, tile: index, slot: slot))
        case .tiles(let tiles):
            let matrix = turned[index] ?? turn(tiles[index], at: index)
            turned[index] = matrix
            return UnsafePointer(matrix.row(slot))
        }
    }

    /// A tile in every slot that the positions read. [slot, dimension · tileSize]
    private func turn(_ tile: KeyTile, at index: Int) -> Matrix {
        let tables = positions.keys
        let compressed = positions.slots > tables.count ? compressed() : []
        let size = dimension * tileSize
        let matrix = Matrix(rows: tables.count + compressed.count, columns: size, filling: nil)
        tile.keys.with(tile.offset..<tile.offset + size) { keys in
            for (slot, table) in tables.enumerated() {
                table.rotateTile(keys, tile: index, dimension: dimension, to: matrix.row(slot))
            }
        }
        for (slot, tiles) in compressed.enumerated() {
            tiles[index].copy(to: matrix.row(tables.count + slot), count: size)
        }
        return matrix
    }

    /// A key, turned as one of the tables of keys says. [dimension]
    package func key(_ token: Int, slot: Int = 0) -> [Float] {
        let keys = tile(token / tileSize, slot: slot)
        return (0..<dimension).map { keys[$0 * tileSize + token % tileSize] }
    }

    /// A key before rotation. [dimension]
    package func plainKey(_ token: Int) -> [Float] {
        plainTile(token / tileSize).key(token % tileSize, dimension: dimension)
    }

    /// The scores of a query with some keys, in their order.
    /// - Parameter state: the query before rotation, [dimension]
    package func scores(
        state: () -> [Float], place: Int, head: Int, scale: Float, rule: ScoreRule, keys: [Range<Int>]
    ) -> [Float] {
        let queries = turnedQuery(state: state, place: place, head: head, scale: scale, rule: rule)
        let scores = Matrix(rows: 1, columns: tileSize, filling: nil)
        let scratch = Matrix(rows: 1, columns: tileSize, filling: nil)
        var result: [Float] = []
        result.reserveCapacity(keys.reduce(0) { $0 + $1.count })
        var scored = -1
        for range in keys {
            var key = range.lowerBound
            while key < range.upperBound {
                let index = key / tileSize
                if index != scored {
                    queries.score(
                        tile: index, uses: positions.uses(queries: [place], visible: nil, tile: index),
                        keys: { tile(index, slot: $0) }, into: scores, scratch: scratch)
                    scored = index
                }
                let end = min(range.upperBound, (index + 1) * tileSize)
                for place in key..<end { result.append(scores.base[place % tileSize]) }
                key = end
            }
        }
        return result
    }

    private func turnedQuery(
        state: () -> [Float], place: Int, head: Int, scale: Float, rule: ScoreRule
    ) -> TurnedQueries {
        if rule.places == nil, let last, last.place == place, last.head == head { return last.queries }
        let row = Matrix(rows: 1, columns: dimension, filling: nil)
        row.setRow(0, to: state()[...])
        let queries = TurnedQueries(
            positions: positions, rule: rule, head: head, places: [place], dimension: dimension, scale: scale
        ) { _ in UnsafePointer(row.base) }
        if rule.places == nil { last = (place, head, queries) }
        return queries
    }
}
