/// How the weights inside a cell of the map become one number.
package enum Pooling: String, CaseIterable, Equatable, Hashable, Sendable {
    /// The highest weight: thin lines stay visible.
    case max
    /// The mean weight over the cell: mass stays right.
    case mean
}

/// A window of the attention map of one head: `rows` x `columns` cells of `cell` x `cell` tokens.
package struct MapRequest: Equatable, Hashable, Sendable {
    package var layer: Int
    package var head: Int
    /// The first query (upper edge) and the first key (left edge); multiples of `cell`.
    package var firstQuery: Int
    package var firstKey: Int
    /// Tokens on one side of a cell: a power of two below `Recording.poolBlock`, a multiple of it from there on.
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
package struct MapImage: Equatable, Sendable {
    package let request: MapRequest
    /// [row, column]; NaN where nothing is to be shown: the future, past the end, or not read yet.
    package let values: [Float]
    package let provenance: Provenance

    package init(request: MapRequest, values: [Float], provenance: Provenance) {
        self.request = request
        self.values = values
        self.provenance = provenance
    }

    package subscript(row: Int, column: Int) -> Float { values[row * request.columns + column] }
}
