import RopewalkLens

extension Lens {
    /// The weights of one head between the tokens of a part of the text, at most `side` cells wide and high.
    ///
    /// A cell is a square of tokens: of one where that fits, so that it holds the weight of a pair, else of 2, 4, 8 ...
    /// An exact lens answers at once for cells of 64 tokens or more (more in a text of over 32,768) and computes every
    /// weight for smaller ones; a preview looks at some queries of every cell where there are many, and says so in the
    /// image's `provenance`.
    /// - Parameters:
    ///   - layer: from 0.
    ///   - head: from 0.
    ///   - queries: tokens that read, the rows of the map; nil for all that are recorded.
    ///   - keys: tokens that are read, the columns; nil likewise.
    ///   - side: 1 to 1,024; what lies outside is taken for the nearer of them.
    ///   - pooling: what becomes of the weights in a cell.
    /// - Returns: the image; nil where the recording has no such head or no such tokens.
    public func map(
        layer: Int, head: Int, queries: Range<Int>? = nil, keys: Range<Int>? = nil, side: Int = 64,
        pooling: Pooling = .max
    ) -> MapImage? {
        let queries = (queries ?? 0..<recording.tokens).clamped(to: 0..<recording.tokens)
        let keys = (keys ?? 0..<recording.keyTokens).clamped(to: 0..<recording.keyTokens)
        guard (0..<recording.shape.layers).contains(layer), (0..<recording.shape.heads).contains(head),
            !queries.isEmpty, !keys.isEmpty
        else { return nil }
        let side = min(max(1, side), 1024)
        var cell = 1
        while max(Self.cells(queries, cell), Self.cells(keys, cell)) > side { cell *= 2 }
        return map(
            MapRequest(
                layer: layer, head: head, firstQuery: queries.lowerBound / cell * cell,
                firstKey: keys.lowerBound / cell * cell, cell: cell, rows: Self.cells(queries, cell),
                columns: Self.cells(keys, cell), pooling: pooling))
    }

    /// How many cells hold some tokens; the first begins at a multiple of its size.
    private static func cells(_ tokens: Range<Int>, _ cell: Int) -> Int {
        (tokens.upperBound - 1) / cell - tokens.lowerBound / cell + 1
    }
}
