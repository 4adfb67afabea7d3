/// How large the tiles are that a kernel of FlashAttention works on: rows are queries, columns are keys.
package struct TileSizes: Hashable, Sendable {
    /// Br: queries of a tile.
    package let rows: Int
    /// Bc: keys of a tile.
    package let columns: Int

    /// The fast memory of one processor of an A100 in numbers of 32 bits: 192 KB.
    package static let usualFastMemory = 49_152
    /// What fast memories have, in numbers.
    package static let fastMemoryRange = 16...(1 << 30)

    /// Both at least 1.
    package init(rows: Int, columns: Int) {
        (self.rows, self.columns) = (max(1, rows), max(1, columns))
    }

    /// The paper's: Bc = ⌈M / 4d⌉, Br = min(Bc, d).
    /// - Parameters:
    ///   - fastMemory: M, numbers that the fast memory holds
    ///   - dimension: d of a head
    package init(fastMemory: Int, dimension: Int) {
        let width = 4 * max(1, dimension)
        let columns = (max(1, fastMemory) + width - 1) / width
        self.init(rows: min(columns, dimension), columns: columns)
    }

    /// Tr: rows of tiles.
    package func rowCount(queries: Int) -> Int { (queries + rows - 1) / rows }
    /// Tc: columns of tiles.
    package func columnCount(keys: Int) -> Int { (keys + columns - 1) / columns }

    /// The queries of a row of tiles.
    package func queries(ofRow row: Int, of queries: Int) -> Range<Int> {
        row * rows..<min(queries, (row + 1) * rows)
    }

    /// The keys of a column of tiles.
    package func keys(ofColumn column: Int, of keys: Int) -> Range<Int> {
        column * columns..<min(keys, (column + 1) * columns)
    }
}

/// In which order tiles are computed.
package enum FlashVersion: String, CaseIterable, Hashable, Sendable {
    /// Keys outside, queries inside: sum, maximum and output of a row travel at every tile.
    case first = "1"
    /// Queries outside, keys inside: a row is finished before the next one.
    case second = "2"
}
