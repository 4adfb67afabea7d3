import RopewalkMethods
import RopewalkPhrases

/// What a mask makes of the tiles of a map: which are computed whole, in part, or not at all.
package struct TileGrid: Equatable, Sendable {
    /// More tiles than this take too long.
    package static let limit = 1 << 21

    package let sizes: TileSizes
    package let queries: Int
    package let keys: Int
    /// Tr and Tc.
    package let rows: Int
    package let columns: Int
    /// [row of tiles, column of tiles]
    package let kinds: [MaskTiles.Kind]
    package let full: Int
    package let partial: Int

    package var count: Int { kinds.count }
    package var skipped: Int { count - full - partial }
    package var visited: Int { full + partial }

    /// - Parameter mask: whose queries begin at 0
    /// - Throws: where the tiles are too many
    package init(_ mask: some MaskRows, sizes: TileSizes) throws(MethodError) {
        let (queries, keys) = (mask.queries.count, mask.tokens)
        let (rows, columns) = (sizes.rowCount(queries: queries), sizes.columnCount(keys: keys))
        guard rows.multipliedReportingOverflow(by: columns).partialValue <= Self.limit, rows <= Self.limit else {
            throw .unfit(
                say(
                    """
                    tiles of \(sizes.rows.grouped) × \(sizes.columns.grouped) over \(queries.grouped) × \(keys.grouped) \
                    tokens are over the limit of \(Self.limit.grouped): give larger ones
                    """))
        }
        (self.sizes, self.queries, self.keys, self.rows, self.columns) = (sizes, queries, keys, rows, columns)
        var kinds: [MaskTiles.Kind] = []
        kinds.reserveCapacity(rows * columns)
        for row in 0..<rows { kinds += Self.kinds(mask, row: row, sizes: sizes) }
        self.kinds = kinds
        full = kinds.count { $0 == .full }
        partial = kinds.count { $0 == .partial }
    }

    /// The tiles of one row of tiles.
    static func kinds(_ mask: some MaskRows, row: Int, sizes: TileSizes) -> [MaskTiles.Kind] {
        let queries = sizes.queries(ofRow: row, of: mask.queries.count)
        let columns = sizes.columnCount(keys: mask.tokens)
        return MaskTiles.counts(mask, queries, side: sizes.columns, blocks: columns).enumerated().map {
            let area = queries.count * sizes.keys(ofColumn: $0, of: mask.tokens).count
            return $1 == 0 ? .empty : $1 == area ? .full : .partial
        }
    }

    package func kind(row: Int, column: Int) -> MaskTiles.Kind { kinds[row * columns + column] }
}
