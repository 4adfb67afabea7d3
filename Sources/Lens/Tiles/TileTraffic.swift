/// How many numbers go from slow to fast memory and back, in closed form, where no tile is skipped.
package struct TileTraffic: Equatable, Sendable {
    package let queries: Int
    package let keys: Int
    /// d of a head.
    package let dimension: Int

    package init(queries: Int, keys: Int, dimension: Int) {
        (self.queries, self.keys, self.dimension) = (queries, keys, dimension)
    }

    /// The usual way, which writes the scores S and the weights P out: read Q, K, write S, read S, write P, read P, V, write
    /// O. With N queries and keys 4Nd + 4N².
    package var standard: Int { 2 * (queries + keys) * dimension + 4 * queries * keys }

    /// The first version 2Nd + Tc(3Nd + 4N), the second 2Nd + N + Tr · 2Nd.
    package func flash(_ version: FlashVersion, _ sizes: TileSizes) -> Int {
        switch version {
        case .first:
            2 * keys * dimension + sizes.columnCount(keys: keys) * (3 * queries * dimension + 4 * queries)
        case .second:
            2 * queries * dimension + queries + sizes.rowCount(queries: queries) * 2 * keys * dimension
        }
    }

    /// N²d² / M: what the numbers grow with.
    package func growth(fastMemory: Int) -> Double {
        Double(queries) * Double(keys) * Double(dimension * dimension) / Double(max(1, fastMemory))
    }
}

/// Numbers that were counted one transfer after the other.
package struct CountedTraffic: Equatable, Sendable {
    package private(set) var read = 0
    package private(set) var written = 0
    package var total: Int { read + written }

    mutating func read(_ numbers: Int) { read += numbers }
    mutating func write(_ numbers: Int) { written += numbers }
}
