/// How the weights inside a cell of the map become one number.
public enum Pooling: String, CaseIterable, Equatable, Hashable, Sendable {
    /// The highest weight: thin lines stay visible.
    case max
    /// The mean weight over the cell: mass stays right.
    case mean
}

/// A window of the attention map of one head: `rows` x `columns` cells of `cell` x `cell` tokens.
package struct MapRequest: Equatable, Hashable, Sendable {
    package var layer: Int
    package var head: Int
    /// The first query (upper edge) and the first key (left edge); multiples of `cell` where that is of recorded blocks.
    package var firstQuery: Int
    package var firstKey: Int
    /// Tokens on one side of a cell: multiples of `Recording.poolBlock` are put together from recorded blocks, of others
    /// every weight is computed.
    package var cell: Int
    package var rows: Int
    package var columns: Int
    package var pooling: Pooling

    package init(
        layer: Int, head: Int, firstQuery: Int = 0, firstKey: Int = 0, cell: Int, rows: Int, columns: Int,
        pooling: Pooling = .max
    ) {
        self.layer = layer
        self.head = head
        self.firstQuery = firstQuery
        self.firstKey = firstKey
        self.cell = cell
        self.rows = rows
        self.columns = columns
        self.pooling = pooling
    }
}

/// The pooled weights of a window of the map.
public struct MapImage: Equatable, Sendable {
    package let request: MapRequest
    /// [row, column]; NaN where nothing is to be shown: the future, past the end, or not read yet.
    public let values: [Float]
    /// How the values came about.
    public let provenance: Provenance

    package init(request: MapRequest, values: [Float], provenance: Provenance) {
        self.request = request
        self.values = values
        self.provenance = provenance
    }

    /// Rows of cells.
    public var rows: Int { request.rows }
    /// Columns of cells.
    public var columns: Int { request.columns }
    /// Tokens on one side of a cell.
    public var cell: Int { request.cell }
    /// The query at the upper edge, from 0.
    public var firstQuery: Int { request.firstQuery }
    /// The key at the left edge, from 0.
    public var firstKey: Int { request.firstKey }

    /// The value of a cell; NaN where nothing is to be shown, or where there is no such cell.
    public subscript(row: Int, column: Int) -> Float {
        guard (0..<rows).contains(row), (0..<columns).contains(column) else { return .nan }
        return values[row * columns + column]
    }
}
