import CRopewalkKernels
import Foundation

/// Keys of one tile: tiles start at multiples of this.
package let tileSize = Int(CK_TILE)

/// cos and sin of every token and subspace, tile by tile.
package struct RotaryTable: Equatable, Sendable {
    package let subspaces: Int
    package let positions: Int
    /// Multiplies cos and sin.
    package let factor: Float
    /// [tile, subspace, tileSize]
    let cosine: [Float]
    let sine: [Float]

    /// The angles position · frequency, made in float32 as the reference implementations do.
    /// - Parameters:
    ///   - frequencies: radians a position, one per subspace
    ///   - positions: tokens
    ///   - place: the position of a token; nil for its index
    ///   - amplitude: multiplies cos and sin of a subspace at a token; nil for 1
    package init(
        frequencies: [Float], positions: Int, factor: Float = 1, place: ((Int) -> Float)? = nil,
        amplitude: ((_ subspace: Int, _ token: Int) -> Double)? = nil, workers: Workers = Workers(count: 1)
    ) {
        self.init(subspaces: frequencies.count, positions: positions, factor: factor, workers: workers) {
            tile, cosine, sine in
            let first = tile * tileSize
            let places = (0..<tileSize).map { place?(min(first + $0, positions - 1)) ?? Float(first + $0) }
            ck_rotary_table(frequencies, frequencies.count, places, factor, cosine, sine)
            guard let amplitude else { return }
            for i in 0..<frequencies.count {
                for j in 0..<tileSize {
                    let length = Float(amplitude(i, min(first + j, positions - 1)))
                    cosine[i * tileSize + j] *= length
                    sine[i * tileSize + j] *= length
                }
            }
        }
    }

    /// Any angles, in radians, and what multiplies cos and sin at each token.
    package init(
        subspaces: Int, positions: Int, factor: Float = 1, workers: Workers = Workers(count: 1),
        angle: (_ subspace: Int, _ token: Int) -> Double, amplitude: ((_ subspace: Int, _ token: Int) -> Double)?
    ) {
        self.init(subspaces: subspaces, positions: positions, factor: factor, workers: workers) { tile, cosine, sine in
            for i in 0..<subspaces {
                for j in 0..<tileSize {
                    let token = min(tile * tileSize + j, positions - 1)
                    let turned = Double(Float(angle(i, token)))
                    let length = Double(factor) * (amplitude?(i, token) ?? 1)
                    cosine[i * tileSize + j] = Float(cos(turned) * length)
                    sine[i * tileSize + j] = Float(sin(turned) * length)
                }
            }
        }
    }

    private init(
        subspaces: Int, positions: Int, factor: Float, workers: Workers,
        fill: (_ tile: Int, _ cosine: UnsafeMutablePointer<Float>, _ sine: UnsafeMutablePointer<Float>) -> Void
    ) {
        self.subspaces = subspaces
        self.positions = positions
        self.factor = factor
        let tiles = (positions + tileSize - 1) / tileSize
        let size = subspaces * tileSize
        var sines: [Float] = []
        cosine = [Float](unsafeUninitializedCapacity: tiles * size) { cosine, cosineCount in
            sines = [Float](unsafeUninitializedCapacity: tiles * size) { sine, sineCount in
                if let c = cosine.baseAddress, let s = sine.baseAddress {
                    workers.forEach(tiles) { fill($0, c + $0 * size, s + $0 * size) }
                }
                sineCount = tiles * size
            }
            cosineCount = tiles * size
        }
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
    package func rotated(_ x: [Float], position: Int) -> [Float] {
        var x = x
        x.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { rotate(base, position: position) } }
        return x
    }

    /// The cosines and sines of a tile, each [subspace, tileSize].
    func withTile(_ tile: Int, _ body: (_ cosine: UnsafePointer<Float>, _ sine: UnsafePointer<Float>) -> Void) {
        let size = subspaces * tileSize
        // Tables are made for the tokens of the run or more, and tiles are those of its tokens.
        precondition((tile + 1) * size <= cosine.count)
        cosine.withUnsafeBufferPointer { c in
            sine.withUnsafeBufferPointer { s in
                guard let c = c.baseAddress, let s = s.baseAddress else { return }
                body(c + tile * size, s + tile * size)
            }
        }
    }

    /// Turns a tile of keys.   keys, out: [dimension, tileSize]
    func rotateTile(
        _ keys: UnsafePointer<Float>, tile: Int, dimension: Int, to out: UnsafeMutablePointer<Float>
    ) {
        guard subspaces > 0 else { return out.update(from: keys, count: dimension * tileSize) }
        withTile(tile) { ck_rotate_tile(keys, $0, $1, dimension, 2 * subspaces, out) }
    }
}
