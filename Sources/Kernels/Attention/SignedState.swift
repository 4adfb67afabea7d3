import CRopewalkKernels
import Foundation

/// What a decoder keeps of signed features in place of keys and values, of one head: S = γ·S + φ(k)·vᵀ and the same of
/// Σ φ(k), as after the last key that was added.
final class SignedState {
    let map: SignedFeatures
    let valueWidth: Int
    /// Divided by e^`top`. [width, valueWidth]
    let values: Matrix
    /// Σ φ(k) in the first column, divided by the same. [width, 16]
    let sums: Matrix
    /// The highest logarithm of a factor that keys had; −infinity before the first.
    private(set) var top = -Float.infinity
    /// Of the keys that are added next. [width, FeatureState.block]
    let features: Matrix
    /// γ^0 ... γ^block. [FeatureState.block + 1]
    let powers: [Float]
    private let decayed: Matrix
    private let shared = Matrix(rows: 1, columns: FeatureState.block)
    private let keys: Matrix
    private let first: Matrix
    private let rescale: Matrix

    init(map: SignedFeatures, keyHead: Int, valueWidth: Int) {
        self.map = map
        self.valueWidth = valueWidth
        values = Matrix(rows: map.width, columns: valueWidth)
        sums = Matrix(rows: map.width, columns: 16)
        features = Matrix(rows: map.width, columns: FeatureState.block)
        decayed = Matrix(rows: map.width, columns: FeatureState.block)
        keys = Matrix(rows: map.dimension, columns: FeatureState.block)
        first = Matrix(rows: FeatureState.block, columns: 16)
        for key in 0..<FeatureState.block { first.row(key)[0] = 1 }
        rescale = Matrix(rows: 1, columns: map.width, filling: 1)
        powers = map.powers(keyHead, count: FeatureState.block + 1)
    }

    /// Takes keys from a tile and brings the state to the factor that they need.
    /// tile: [dimension, tileSize], from which `count` keys are taken at `place`
    func take(_ tile: UnsafePointer<Float>, at place: Int, count: Int) {
        let size = FeatureState.block
        for i in 0..<map.dimension {
            let row = keys.row(i)
            row.update(from: tile + i * tileSize + place, count: count)
            (row + count).update(repeating: 0, count: size - count)
        }
        map.features(of: keys.base, count: size, to: features, shared: shared.base)
        let highest = max(top, ck_maximum(shared.base, count))
        if highest > top, top > -.infinity { scale(by: expf(top - highest)) }
        top = highest
        for j in 0..<size { shared.base[j] = j < count ? expf(shared.base[j] - highest) : 0 }
        for feature in 0..<map.width { ck_multiply(features.row(feature), shared.base, size) }
    }

    /// Adds the keys that were taken.
    /// values: [FeatureState.block, valueWidth]
    func add(count: Int, values keyValues: UnsafePointer<Float>) {
        let size = FeatureState.block
        decayed.copyRows(of: features, count: map.width)
        for feature in 0..<map.width {
            let row = decayed.row(feature)
            for j in 0..<count { row[j] *= powers[count - 1 - j] }
        }
        rescale.base.update(repeating: powers[count], count: map.width)
        ck_sums(decayed.base, map.width, size, keyValues, valueWidth, rescale.base, values.base)
        ck_sums(decayed.base, map.width, size, first.base, 16, rescale.base, sums.base)
    }

    private func scale(by factor: Float) {
        for i in 0..<map.width * valueWidth { values.base[i] *= factor }
        for i in 0..<map.width * 16 { sums.base[i] *= factor }
    }

    /// ln |Σ φ(k)| and ln |S|.
    var logarithms: (sums: Float, values: Float) {
        func norm(_ square: Double) -> Float { square > 0 ? Float(0.5 * log(square)) + top : -.infinity }
        func square(_ x: Matrix, columns: Int) -> Double {
            (0..<map.count).reduce(0) { sum, row in
                sum + (0..<columns).reduce(0) { $0 + Double(x.row(row)[$1]) * Double(x.row(row)[$1]) }
            }
        }
        return (norm(square(sums, columns: 1)), norm(square(values, columns: valueWidth)))
    }
}
