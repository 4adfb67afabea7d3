import RopewalkKernels

/// Queries and keys of some tokens before rotation, as selectors ask for them; it begins with a tile.
struct SelectionStretch {
    let first: Int
    private(set) var count: Int
    private let shape: ModelShape
    private var states: States

    private enum States {
        /// As the run recorded them: [head, token, dimension] and [key/value head, tile, dimension, tileSize].
        case recorded(queries: [Float], keys: RecordedNumbers)
        /// Where tokens were added.
        case growing(queries: GrowingRows<Float>, keys: GrowingTiles)
    }

    init(first: Int, count: Int, queries: [Float], keys: RecordedNumbers, shape: ModelShape) {
        self.first = first
        self.count = count
        self.shape = shape
        states = .recorded(queries: queries, keys: keys)
    }

    /// Adds the tokens that come next.
    mutating func append(queries added: [Float], keys addedKeys: [Float], count addedCount: Int) {
        var queries: GrowingRows<Float>
        var keys: GrowingTiles
        switch states {
        case .growing(let rows, let tiles): (queries, keys) = (rows, tiles)
        case .recorded(let rows, let numbers):
            queries = GrowingRows(groups: shape.heads)
            keys = GrowingTiles(heads: shape.keyValueHeads, dimension: shape.headDimension)
            queries.append(rows)
            keys.append(numbers.floats, count: count)
        }
        // What is held once is changed in place.
        states = .recorded(queries: [], keys: .single([]))
        queries.append(added)
        keys.append(addedKeys, count: addedCount)
        states = .growing(queries: queries, keys: keys)
        count += addedCount
    }

    /// [dimension]
    func query(_ token: Int, head: Int) -> [Float] {
        let (row, width) = (token - first, shape.headDimension)
        switch states {
        case .recorded(let queries, _):
            let start = (head * count + row) * width
            return Array(queries[start..<start + width])
        case .growing(let queries, _): return Array(queries.part(head, row * width..<(row + 1) * width))
        }
    }

    /// A tile of the text.
    func tile(_ tile: Int, head: Int) -> KeyTile {
        let own = tile - first / tileSize
        switch states {
        case .recorded(_, let keys):
            let tiles = (count + tileSize - 1) / tileSize
            return KeyTile(
                keys: keys, offset: (head * tiles + own) * shape.headDimension * tileSize, index: tile)
        case .growing(_, let keys): return keys.tile(own, head: head, index: tile)
        }
    }
}
