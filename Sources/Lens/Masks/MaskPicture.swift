import RopewalkMethods

/// A small mask as cells, each of some queries and keys.
package struct MaskPicture: Equatable, Sendable {
    package enum Cell: Equatable, Sendable { case hidden, mixed, visible }
    /// Queries and keys of a cell's side.
    package let side: Int
    /// [row of cells, column of cells]
    package let cells: [[Cell]]

    private static let columns = 64
    private static let rows = 32

    package init(_ mask: some MaskRows) {
        let side = max(
            1, (mask.tokens + Self.columns - 1) / Self.columns, (mask.queries.count + Self.rows - 1) / Self.rows)
        self.side = side
        cells = stride(from: mask.queries.lowerBound, to: mask.queries.upperBound, by: side).map { query in
            let queries = query..<min(query + side, mask.queries.upperBound)
            return stride(from: 0, to: mask.tokens, by: side).map { key in
                let share = mask.blockDensity(queries: queries, keys: key..<min(key + side, mask.tokens))
                return share == 0 ? .hidden : share == 1 ? .visible : .mixed
            }
        }
    }
}
