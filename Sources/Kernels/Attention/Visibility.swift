/// Which keys the queries of a chunk may see.
package struct Visibility: Sendable {
    package enum Limit: Equatable, Sendable {
        /// A query sees the keys up to its own.
        case causal
        /// Every query sees all of so many keys.
        case keys(Int)
    }

    package var limit = Limit.causal
    /// Sorted, disjoint ranges within the limit for each query of the chunk; nil where only the limit holds.
    package var ranges: [[Range<Int>]]?
    /// Narrows `ranges` by score.
    package var selection: Selection?

    package static let causal = Visibility()

    /// Keeps some keys always, and of the others those with the highest scores.
    package struct Selection: Sendable {
        /// For each query of the chunk, the keys that are kept whatever their score; within `ranges`.
        package var fixed: [[Range<Int>]]
        /// How many others are kept: the highest scores, of equal ones the first keys.
        package var count: Int

        package init(fixed: [[Range<Int>]], count: Int) {
            self.fixed = fixed
            self.count = count
        }
    }

    package init(limit: Limit = .causal, ranges: [[Range<Int>]]? = nil, selection: Selection? = nil) {
        self.limit = limit
        self.ranges = ranges
        self.selection = selection
    }

    /// The ranges of one query of the chunk.
    func ranges(of row: Int, query: Int) -> [Range<Int>] { ranges?[row] ?? [0..<keyEnd(after: query)] }

    /// Where the keys end that a query may see.
    func keyEnd(after query: Int) -> Int {
        switch limit {
        case .causal: query + 1
        case .keys(let count): count
        }
    }
}

/// The tiles that groups of queries need, made once for all layers and heads of a chunk.
package struct VisibilityPlan: Sendable {
    /// Queries of a group: they go through the tiles together.
    static let groupSize = 32

    struct Tile: Sendable {
        let index: Int
        /// [row of the group, tileSize / 64], a bit per key; nil where every row sees every key.
        let bits: [UInt64]?
        /// Which pieces of the positions score its keys.
        let uses: [PositionTables.Use]
    }

    /// A few neighbouring queries.
    struct Group: Sendable {
        let rows: Range<Int>
        let tiles: [Tile]
        let tileIndices: [Int32]

        init(rows: Range<Int>, tiles: [Tile]) {
            self.rows = rows
            self.tiles = tiles
            tileIndices = tiles.map { Int32($0.index) }
        }
    }

    let visibility: Visibility
    let firstQuery: Int
    let count: Int
    let groups: [Group]
    let positions: PositionTables

    /// - Parameter firstQuery: index of the chunk's first query in the text.
    package init(_ visibility: Visibility, positions: PositionTables, firstQuery: Int, count: Int) {
        self.positions = positions
        self.visibility = visibility
        self.firstQuery = firstQuery
        self.count = count
        groups = stride(from: 0, to: count, by: Self.groupSize).map { start in
            let rows = start..<min(start + Self.groupSize, count)
            let ranges = rows.map { visibility.ranges(of: $0, query: firstQuery + $0) }
            let places = rows.map { firstQuery + $0 }
            return Group(
                rows: rows,
                tiles: Self.tiles(of: ranges) {
                    positions.uses(queries: places, visible: ranges, tile: $0)
                })
        }
    }

    /// The tiles that any of the rows needs, in order.
    private static func tiles(of rows: [[Range<Int>]], uses: (Int) -> [PositionTables.Use]) -> [Tile] {
        let end = rows.reduce(0) { max($0, $1.last?.upperBound ?? 0) }
        var isNeeded = [Bool](repeating: false, count: (end + tileSize - 1) / tileSize)
        for range in rows.joined() where !range.isEmpty {
            for tile in range.lowerBound / tileSize...(range.upperBound - 1) / tileSize { isNeeded[tile] = true }
        }
        return isNeeded.indices.filter { isNeeded[$0] }.map { tile in
            Tile(
                index: tile, bits: bits(of: rows, in: tile * tileSize..<(tile + 1) * tileSize), uses: uses(tile))
        }
    }

    /// The last tile that any query needs.
    var lastTile: Int { groups.reduce(0) { max($0, $1.tiles.last?.index ?? 0) } }

    /// The chunk's queries.
    var queries: Range<Int> { firstQuery..<firstQuery + count }

    /// Where the keys end that the chunk's queries may see.
    var keyEnd: Int { visibility.keyEnd(after: firstQuery + count - 1) }

    private static func bits(of rows: [[Range<Int>]], in tile: Range<Int>) -> [UInt64]? {
        let isFull = rows.allSatisfy { $0.contains { $0.clamped(to: tile) == tile } }
        if isFull { return nil }
        var bits = [UInt64](repeating: 0, count: rows.count * TileBits.words)
        for (row, ranges) in rows.enumerated() {
            for range in ranges { TileBits.set(range.clamped(to: tile), of: tile, in: &bits, row: row) }
        }
        return bits
    }
}

/// A bit per key of a tile.
enum TileBits {
    static let words = tileSize / 64

    /// Sets the bits of `keys`, which lie in `tile`.
    static func set(_ keys: Range<Int>, of tile: Range<Int>, in bits: inout [UInt64], row: Int) {
        var key = keys.lowerBound - tile.lowerBound
        let end = keys.upperBound - tile.lowerBound
        while key < end {
            let word = key / 64
            let last = min(end, (word + 1) * 64)
            let ones = last - key == 64 ? ~0 : (UInt64(1) << UInt64(last - key)) - 1
            bits[row * words + word] |= ones << UInt64(key % 64)
            key = last
        }
    }
}
