import CRopewalkKernels

/// Brings the columns of a projection, [token, head · dimension], into the order in which heads are read.
package enum HeadPacking {
    /// Keys as tiles, [head, tile, dimension, tileSize]; missing keys of the last tile are 0.
    package static func tiles(_ x: Matrix, count: Int, heads: Int, workers: Workers) -> [Float] {
        let d = x.columns / heads
        let tiles = (count + tileSize - 1) / tileSize
        return array(heads * tiles * d * tileSize) { out in
            sharing(workers, count).forEach(heads * tiles) { task in
                let (head, tile) = (task / tiles, task % tiles)
                ck_pack_tile(
                    x.row(tile * tileSize) + head * d, x.columns, min(tileSize, count - tile * tileSize), d,
                    out + task * d * tileSize)
            }
        }
    }

    /// Rows, [head, token, width]; `width` is at least the head's dimension, the rest is 0.
    package static func rows(_ x: Matrix, count: Int, heads: Int, width: Int, workers: Workers) -> [Float] {
        let d = x.columns / heads
        return array(heads * count * width) { out in
            sharing(workers, count).forEach(heads) { head in
                for token in 0..<count {
                    let target = out + (head * count + token) * width
                    target.update(from: x.row(token) + head * d, count: d)
                    if width > d { (target + d).update(repeating: 0, count: width - d) }
                }
            }
        }
    }

    /// Few tokens are moved sooner than other threads are told about it.
    private static func sharing(_ workers: Workers, _ count: Int) -> Workers { count < 8 ? Workers(count: 1) : workers }

    private static func array(_ count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress { fill(base) }
            initialized = count
        }
    }
}
