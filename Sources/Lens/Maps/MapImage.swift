/// How the weights inside a cell of the map become one number.
public enum Pooling: String, CaseIterable, Equatable, Hashable, Sendable {
    /// The highest weight: thin lines stay visible.
    case max
    /// The mean weight over the cell: mass stays right.
    case mean
}

/// A window of the attention map of one head: `rows` x `columns` cells of `cell` x `cell` tokens.
public struct MapRequest: Equatable, Hashable, Sendable {
    public var layer: Int
    public var head: Int
    /// The first query (upper edge) and the first key (left edge); multiples of `cell`.
    public var firstQuery: Int
    public var firstKey: Int
    /// Tokens on one side of a cell: a power of two below `Recording.poolBlock`, a multiple of it from there on.
    public var cell: Int
    public var rows: Int
    public var columns: Int
    public var pooling: Pooling

    public init(
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
    public let request: MapRequest
    /// [row, column]; NaN where nothing is to be shown: the future, past the end, or not read yet.
    public let values: [Float]
    public let provenance: Provenance

    public init(request: MapRequest, values: [Float], provenance: Provenance) {
        self.request = request
        self.values = values
        self.provenance = provenance
    }

    public subscript(row: Int, column: Int) -> Float { values[row * request.columns + column] }
}
