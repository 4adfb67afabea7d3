import CRopewalkKernels

/// Keys, turned by their positions, and values of one layer, ready for the attention tiles.
package final class KeyValueCache {
    package let heads: Int
    package let dimension: Int
    /// Numbers of a value: `dimension` rounded up to a multiple of 16; the rest is 0.
    package let width: Int
    private let tiles: Int
    /// Tiles at the beginning that stay.
    private let lasting: Int
    /// A matrix for every way in which keys are turned. [head · tile, dimension · tileSize]
    private let keys: [Matrix]
    /// As they are and, for a compressed cache, as it gives them back. [head · tile, tileSize · width]
    private let values: [Matrix]

    /// Room for `tokens` tokens, turned in `slots` ways; what is stored behind them takes the place of the first that do not
    /// last.
    /// - Parameters:
    ///   - lasting: tokens at the beginning that stay whatever is stored behind them, fewer than `tokens`
    ///   - isCompressed: whether values are kept in a second way too
    package init(
        heads: Int, dimension: Int, tokens: Int, lasting: Int = 0, slots: Int = 1, isCompressed: Bool = false
    ) {
        self.heads = heads
        self.dimension = dimension
        width = Self.width(of: dimension)
        self.lasting = (lasting + tileSize - 1) / tileSize
        tiles = max(1 + self.lasting, (tokens + tileSize - 1) / tileSize)
        let rows = heads * tiles
        keys = (0..<slots).map { _ in Matrix(rows: rows, columns: dimension * tileSize) }
        let width = width
        values = (0..<(isCompressed ? 2 : 1)).map { _ in Matrix(rows: rows, columns: tileSize * width) }
    }

    /// Tokens that a cache must have room for where queries see the first keys of a text and the recent ones, themselves
    /// included, and a chunk of tokens is stored before its first query looks back.
    package static func room(first: Int, recent: Int, chunk: Int) -> Int {
        func whole(_ tokens: Int) -> Int { (tokens + tileSize - 1) / tileSize * tileSize }
        return whole(first) + whole(recent) + whole(chunk) + tileSize
    }

    package static func width(of dimension: Int) -> Int { (dimension + 15) / 16 * 16 }

    /// Where a tile of the text is kept.
    private func place(_ tile: Int) -> Int {
        tile < lasting ? tile : lasting + (tile - lasting) % (tiles - lasting)
    }

    func keyTile(head: Int, tile: Int, slot: Int = 0) -> UnsafeMutablePointer<Float> {
        keys[slot].row(head * tiles + place(tile))
    }
    func valueTile(head: Int, tile: Int, compressed: Bool = false) -> UnsafeMutablePointer<Float> {
        values[compressed ? 1 : 0].row(head * tiles + place(tile))
    }

    /// Turns and stores a chunk that starts at a tile.
    /// - Parameters:
    ///   - packed: keys before rotation, [head, tile, dimension, tileSize]
    ///   - chunkValues: [head, token, width]
    package func store(
        keys packed: [Float], values chunkValues: [Float], firstToken: Int, count: Int, tables: [RotaryTable],
        workers: Workers
    ) {
        // Chunks are whole tiles but for the last; the cache was made with a slot for every table.
        precondition(firstToken % tileSize == 0 && tables.count <= keys.count)
        let chunkTiles = (count + tileSize - 1) / tileSize
        let size = dimension * tileSize
        packed.withUnsafeBufferPointer { source in
            chunkValues.withUnsafeBufferPointer { valueSource in
                guard let source = source.baseAddress, let valueSource = valueSource.baseAddress else { return }
                workers.forEach(heads * chunkTiles) { task in
                    let (head, tile) = (task / chunkTiles, task % chunkTiles)
                    let place = firstToken / tileSize + tile
                    for (slot, table) in tables.enumerated() {
                        table.rotateTile(
                            source + task * size, tile: place, dimension: dimension,
                            to: keyTile(head: head, tile: place, slot: slot))
                    }
                    let present = min(tileSize, count - tile * tileSize)
                    valueTile(head: head, tile: place).update(
                        from: valueSource + (head * count + tile * tileSize) * width, count: present * width)
                }
            }
        }
    }

    /// Turns and stores some tokens that may begin anywhere in a tile, behind those that are there.
    /// - Parameters:
    ///   - packed: keys before rotation, the first at the beginning of a tile, [head, tile, dimension, tileSize]
    ///   - newValues: [head, token, width]
    package func append(
        keys packed: [Float], values newValues: [Float], firstToken: Int, count: Int, tables: [RotaryTable]
    ) {
        if firstToken % tileSize == 0 {
            return store(
                keys: packed, values: newValues, firstToken: firstToken, count: count, tables: tables,
                workers: Workers(count: 1))
        }
        // The cache was made with a slot for every table; the numbers were packed for its heads.
        precondition(tables.count <= keys.count && newValues.count == heads * count * width)
        let packedTiles = (count + tileSize - 1) / tileSize
        // And these are the keys of as many tokens.
        precondition(packed.count == heads * packedTiles * dimension * tileSize)
        var key = [Float](repeating: 0, count: dimension)
        for head in 0..<heads {
            for row in 0..<count {
                let token = firstToken + row
                let source = (head * packedTiles + row / tileSize) * dimension * tileSize + row % tileSize
                for i in 0..<dimension { key[i] = packed[source + i * tileSize] }
                for (slot, table) in tables.enumerated() {
                    let turned = table.subspaces > 0 ? table.rotated(key, position: token) : key
                    let tile = keyTile(head: head, tile: token / tileSize, slot: slot)
                    for i in 0..<dimension { tile[i * tileSize + token % tileSize] = turned[i] }
                }
                let target = valueTile(head: head, tile: token / tileSize) + token % tileSize * width
                for i in 0..<width { target[i] = newValues[(head * count + row) * width + i] }
            }
        }
    }

    /// The value of a token. [dimension]
    package func value(_ token: Int, head: Int) -> [Float] {
        let start = valueTile(head: head, tile: token / tileSize) + token % tileSize * width
        return Array(UnsafeBufferPointer(start: start, count: dimension))
    }

    /// Keys of a head in a row, as a slot has them. [tokens.count, dimension]
    package func keys(_ tokens: Range<Int>, head: Int, slot: Int = 0) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(tokens.count * dimension)
        for token in tokens {
            let tile = keyTile(head: head, tile: token / tileSize, slot: slot)
            for i in 0..<dimension { result.append(tile[i * tileSize + token % tileSize]) }
        }
        return result
    }

    /// Puts turned keys in a row into a slot.
    package func setKeys(_ keys: [Float], of tokens: Range<Int>, head: Int, slot: Int) {
        // They were read from, or made for, the same tokens of the same cache.
        precondition(keys.count == tokens.count * dimension)
        for (row, token) in tokens.enumerated() {
            let tile = keyTile(head: head, tile: token / tileSize, slot: slot)
            for i in 0..<dimension { tile[i * tileSize + token % tileSize] = keys[row * dimension + i] }
        }
    }

    /// Puts values of tokens in a row beside keys that `setKeys` put there. [tokens.count, dimension]
    package func setValues(_ values: [Float], of tokens: Range<Int>, head: Int) {
        // They were made for these tokens of this cache.
        precondition(values.count == tokens.count * dimension)
        for (row, token) in tokens.enumerated() {
            let target = valueTile(head: head, tile: token / tileSize) + token % tileSize * width
            for i in 0..<dimension { target[i] = values[row * dimension + i] }
        }
    }

    /// Values of a head in a row. [tokens.count, dimension]
    package func values(_ tokens: Range<Int>, head: Int) -> [Float] { tokens.flatMap { value($0, head: head) } }

    /// Puts values as a compressed cache gives them back beside those that are exact.
    package func setCompressedValues(_ values: [Float], of tokens: Range<Int>, head: Int) {
        // They were read from the same tokens of the same cache.
        precondition(values.count == tokens.count * dimension)
        for (row, token) in tokens.enumerated() {
            let target = valueTile(head: head, tile: token / tileSize, compressed: true) + token % tileSize * width
            for i in 0..<dimension { target[i] = values[row * dimension + i] }
        }
    }
}
