import CKernels

/// Keys, turned by their positions, and values of one layer, ready for the attention tiles.
public final class KeyValueCache {
    public let heads: Int
    public let dimension: Int
    /// Numbers of a value: `dimension` rounded up to a multiple of 16; the rest is 0.
    public let width: Int
    private let tiles: Int
    /// [head · tile, dimension · tileSize]
    private let keys: Matrix
    /// [head · tile, tileSize · width]
    private let values: Matrix

    /// Room for `tokens` tokens.
    public init(heads: Int, dimension: Int, tokens: Int) {
        self.heads = heads
        self.dimension = dimension
        width = Self.width(of: dimension)
        tiles = max(1, (tokens + tileSize - 1) / tileSize)
        keys = Matrix(rows: heads * tiles, columns: dimension * tileSize)
        values = Matrix(rows: heads * tiles, columns: tileSize * width)
    }

    public static func width(of dimension: Int) -> Int { (dimension + 15) / 16 * 16 }

    func keyTile(head: Int, tile: Int) -> UnsafeMutablePointer<Float> { keys.row(head * tiles + tile) }
    func valueTile(head: Int, tile: Int) -> UnsafeMutablePointer<Float> { values.row(head * tiles + tile) }

    /// Turns and stores a chunk that starts at a tile.
    /// - Parameters:
    ///   - packed: keys before rotation, [head, tile, dimension, tileSize]
    ///   - chunkValues: [head, token, width]
    public func store(
        keys packed: [Float], values chunkValues: [Float], firstToken: Int, count: Int, table: RotaryTable,
        workers: Workers
    ) {
        precondition(firstToken % tileSize == 0)
        let chunkTiles = (count + tileSize - 1) / tileSize
        let size = dimension * tileSize
        packed.withUnsafeBufferPointer { source in
            chunkValues.withUnsafeBufferPointer { valueSource in
                guard let source = source.baseAddress, let valueSource = valueSource.baseAddress else { return }
                workers.forEach(heads * chunkTiles) { task in
                    let (head, tile) = (task / chunkTiles, task % chunkTiles)
                    let place = firstToken / tileSize + tile
                    table.rotateTile(
                        source + task * size, tile: place, dimension: dimension, to: keyTile(head: head, tile: place))
                    let present = min(tileSize, count - tile * tileSize)
                    valueTile(head: head, tile: place).update(
                        from: valueSource + (head * count + tile * tileSize) * width, count: present * width)
                }
            }
        }
    }
}

extension RotaryTable {
    /// Turns a tile of keys.   keys, out: [dimension, tileSize]
    func rotateTile(
        _ keys: UnsafePointer<Float>, tile: Int, dimension: Int, to out: UnsafeMutablePointer<Float>
    ) {
        let size = subspaces * tileSize
        precondition((tile + 1) * size <= cosine.count)
        cosine.withUnsafeBufferPointer { c in
            sine.withUnsafeBufferPointer { s in
                guard let c = c.baseAddress, let s = s.baseAddress else { return }
                ck_rotate_tile(keys, c + tile * size, s + tile * size, dimension, 2 * subspaces, out)
            }
        }
    }
}
