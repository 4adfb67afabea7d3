import RopewalkMethods

/// The tiles of a map one after the other, and what each moves: those that the mask empties are left out.
package struct TileWalk: Equatable, Sendable {
    package struct Tile: Equatable, Sendable {
        private let packedRow: Int32
        private let packedColumn: Int32
        /// Places in the grid.
        package var row: Int { Int(packedRow) }
        package var column: Int { Int(packedColumn) }

        package init(row: Int, column: Int) {
            (packedRow, packedColumn) = (Int32(clamping: row), Int32(clamping: column))
        }
    }

    package let grid: TileGrid
    package let version: FlashVersion
    /// d of a head.
    package let dimension: Int
    /// Visited ones, in their order.
    package private(set) var tiles: [Tile] = []
    /// Numbers that were moved when each tile was done. [tile of `tiles`]
    package private(set) var moved: [Int] = []
    /// All of them.
    package private(set) var traffic = CountedTraffic()

    package init(_ grid: TileGrid, version: FlashVersion, dimension: Int) {
        (self.grid, self.version, self.dimension) = (grid, version, dimension)
        tiles.reserveCapacity(grid.visited)
        moved.reserveCapacity(grid.visited)
        switch version {
        case .first: for column in 0..<grid.columns { walkKeys(column) }
        case .second: for row in 0..<grid.rows { walkQueries(row) }
        }
        // What no tile is needed for is moved all the same: rows that see nothing have an output too.
        if !moved.isEmpty { moved[moved.count - 1] = traffic.total }
    }

    /// A block of keys and values stays, the queries go by with all that they have so far.
    private mutating func walkKeys(_ column: Int) {
        let keys = grid.sizes.keys(ofColumn: column, of: grid.keys).count
        var isLoaded = false
        for row in 0..<grid.rows where grid.kind(row: row, column: column) != .empty {
            if !isLoaded { traffic.read(2 * keys * dimension) }
            isLoaded = true
            let queries = grid.sizes.queries(ofRow: row, of: grid.queries).count
            // Q, O, m and l come in; O, m and l go out.
            traffic.read(2 * queries * dimension + 2 * queries)
            traffic.write(queries * dimension + 2 * queries)
            visit(row, column)
        }
    }

    /// A block of queries stays, keys and values go by.
    private mutating func walkQueries(_ row: Int) {
        let queries = grid.sizes.queries(ofRow: row, of: grid.queries).count
        traffic.read(queries * dimension)
        for column in 0..<grid.columns where grid.kind(row: row, column: column) != .empty {
            traffic.read(2 * grid.sizes.keys(ofColumn: column, of: grid.keys).count * dimension)
            visit(row, column)
        }
        // The output and its log-sum-exp.
        traffic.write(queries * dimension + queries)
    }

    private mutating func visit(_ row: Int, _ column: Int) {
        tiles.append(Tile(row: row, column: column))
        moved.append(traffic.total)
    }

    /// Numbers that were moved when the first `count` tiles were done.
    package func moved(after count: Int) -> Int {
        count <= 0 || moved.isEmpty ? 0 : moved[min(count, moved.count) - 1]
    }

    /// What the standard way moves: it goes through the whole map, whatever a mask hides.
    package var standard: Int {
        TileTraffic(queries: grid.queries, keys: grid.keys, dimension: dimension).standard
    }

    /// The place of a tile among those that are visited; nil where it is skipped.
    package func step(row: Int, column: Int) -> Int? {
        tiles.firstIndex(of: Tile(row: row, column: column))
    }
}
