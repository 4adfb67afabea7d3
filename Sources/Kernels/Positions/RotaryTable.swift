import CRopewalkKernels
import Foundation

/// Keys of one tile: tiles start at multiples of this.
package let tileSize = Int(CK_TILE)

/// cos and sin of every token and subspace, tile by tile; those of a stretch of tokens are made when one of them is asked for.
package struct RotaryTable: Equatable, Sendable {
    package let subspaces: Int
    package let positions: Int
    /// Multiplies cos and sin.
    package let factor: Float
    private let angles: LazyAngles

    /// The angles position · frequency, made in float32 as the reference implementations do.
    /// - Parameters:
    ///   - frequencies: radians a position, one per subspace
    ///   - positions: tokens
    ///   - place: the position of a token; nil for its index
    ///   - amplitude: multiplies cos and sin of a subspace at a token; nil for 1
    package init(
        frequencies: [Float], positions: Int, factor: Float = 1, place: (@Sendable (Int) -> Float)? = nil,
        amplitude: (@Sendable (_ subspace: Int, _ token: Int) -> Double)? = nil
    ) {
        self.init(subspaces: frequencies.count, positions: positions, factor: factor) { tile, cosine, sine in
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
        subspaces: Int, positions: Int, factor: Float = 1,
        angle: @escaping @Sendable (_ subspace: Int, _ token: Int) -> Double,
        amplitude: (@Sendable (_ subspace: Int, _ token: Int) -> Double)?
    ) {
        self.init(subspaces: subspaces, positions: positions, factor: factor) { tile, cosine, sine in
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

    private init(subspaces: Int, positions: Int, factor: Float, fill: @escaping LazyAngles.Fill) {
        self.subspaces = subspaces
        self.positions = positions
        self.factor = factor
        angles = LazyAngles(
            tiles: (positions + tileSize - 1) / tileSize, size: subspaces * tileSize, fill: fill)
    }

    private var tiles: Int { angles.tiles }
    /// Tiles whose angles are made.
    var tilesMade: Int { angles.tilesMade }

    /// All cosines, [tile, subspace, tileSize].
    var cosine: [Float] { all { cosine, _ in cosine } }
    var sine: [Float] { all { _, sine in sine } }

    private func all(_ part: (UnsafePointer<Float>, UnsafePointer<Float>) -> UnsafePointer<Float>) -> [Float] {
        (0..<tiles).flatMap { tile in
            let (cosine, sine) = angles[tile]
            return UnsafeBufferPointer(start: part(cosine, sine), count: subspaces * tileSize)
        }
    }

    package static func == (a: RotaryTable, b: RotaryTable) -> Bool {
        a.positions == b.positions && a.agrees(with: b, tiles: a.tiles)
    }

    /// Whether the angles of the first tiles are those of another table.
    func agrees(with other: RotaryTable, tiles: Int) -> Bool {
        guard subspaces == other.subspaces, factor == other.factor, self.tiles >= tiles, other.tiles >= tiles else {
            return false
        }
        return angles === other.angles || (0..<tiles).allSatisfy { agrees(with: other, tile: $0, tokens: tileSize) }
    }

    /// Whether those of the first tokens of a tile are.
    func agrees(with other: RotaryTable, tile: Int, tokens: Int) -> Bool {
        guard subspaces == other.subspaces, tiles > tile, other.tiles > tile else { return false }
        let ((cosine, sine), (itsCosine, itsSine)) = (angles[tile], other.angles[tile])
        return (0..<subspaces).allSatisfy { subspace in
            (subspace * tileSize..<subspace * tileSize + tokens).allSatisfy {
                cosine[$0] == itsCosine[$0] && sine[$0] == itsSine[$0]
            }
        }
    }

    /// Turns one vector in place: `x` [2 · subspaces or more], half-split layout.
    func rotate(_ x: UnsafeMutablePointer<Float>, position: Int) {
        guard subspaces > 0 else { return }
        let (cosine, sine) = angles[position / tileSize]
        for i in 0..<subspaces {
            let c = cosine[position % tileSize + i * tileSize]
            let s = sine[position % tileSize + i * tileSize]
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
        let (cosine, sine) = angles[tile]
        // What they lie in lives as long as the table.
        withExtendedLifetime(angles) { body(cosine, sine) }
    }

    /// Turns a tile of keys.   keys, out: [dimension, tileSize]
    func rotateTile(
        _ keys: UnsafePointer<Float>, tile: Int, dimension: Int, to out: UnsafeMutablePointer<Float>
    ) {
        guard subspaces > 0 else { return out.update(from: keys, count: dimension * tileSize) }
        withTile(tile) { ck_rotate_tile(keys, $0, $1, dimension, 2 * subspaces, out) }
    }
}
