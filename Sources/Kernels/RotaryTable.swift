import CKernels

/// Keys of one tile: tiles start at multiples of this.
public let tileSize = Int(CK_TILE)

/// cos and sin of every position and subspace, tile by tile.
public struct RotaryTable: Sendable {
    public let subspaces: Int
    public let positions: Int
    /// Multiplies cos and sin.
    public let factor: Float
    /// [tile, subspace, tileSize]
    let cosine: [Float]
    let sine: [Float]

    /// The angles position · frequency for positions from 0, made in float32 as the reference implementations do.
    /// - Parameter frequencies: radians a token, one per subspace.
    public init(frequencies: [Float], positions: Int, factor: Float = 1, workers: Workers = Workers(count: 1)) {
        subspaces = frequencies.count
        self.positions = positions
        self.factor = factor
        let tiles = (positions + tileSize - 1) / tileSize
        let size = frequencies.count * tileSize
        var sines: [Float] = []
        let cosines = [Float](unsafeUninitializedCapacity: tiles * size) { cosine, cosineCount in
            sines = [Float](unsafeUninitializedCapacity: tiles * size) { sine, sineCount in
                if let c = cosine.baseAddress, let s = sine.baseAddress {
                    workers.forEach(tiles) { tile in
                        ck_rotary_table(
                            frequencies, frequencies.count, tile * tileSize, factor, c + tile * size, s + tile * size)
                    }
                }
                sineCount = tiles * size
            }
            cosineCount = tiles * size
        }
        cosine = cosines
        sine = sines
    }

    /// Turns one vector in place: `x` [2 · subspaces or more], half-split layout.
    func rotate(_ x: UnsafeMutablePointer<Float>, position: Int) {
        let place = position / tileSize * subspaces * tileSize + position % tileSize
        for i in 0..<subspaces {
            let c = cosine[place + i * tileSize]
            let s = sine[place + i * tileSize]
            let a = x[i]
            let b = x[i + subspaces]
            x[i] = a * c - b * s
            x[i + subspaces] = b * c + a * s
        }
    }

    /// `x` turned by the angles of a position.   x: [2 · subspaces or more], half-split layout
    public func rotated(_ x: [Float], position: Int) -> [Float] {
        var x = x
        x.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { rotate(base, position: position) } }
        return x
    }
}
