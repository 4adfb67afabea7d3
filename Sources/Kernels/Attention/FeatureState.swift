import CRopewalkKernels
import Foundation

/// What a decoder keeps in place of keys and values, of one head: Σ φ(k)·vᵀ and Σ φ(k) over all keys so far.
///
/// Every feature is divided by the highest that any key has had of it, so that no sum is too large; when a higher one
/// comes, what was summed up is divided again.
package final class FeatureState {
    /// Keys that are added together.
    package static let block = 64

    /// Tokens in parts that lie in one block each.
    static func blocks(of tokens: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var first = tokens.lowerBound
        while first < tokens.upperBound {
            let end = min((first / block + 1) * block, tokens.upperBound)
            parts.append(first..<end)
            first = end
        }
        return parts
    }

    /// Sums that are kept beside those of the values, in columns.
    enum Sum: Int {
        /// Σ φ(k)
        case features
        /// Σ φ(k) · place of k
        case places
        /// φ of the first key.
        case first
        /// φ of the last key so far.
        case last
        /// Σ φ(k) over the keys of the block of the map that has begun.
        case mapBlock
        static let columns = 16
    }

    let map: FeatureMap
    /// Numbers of a value.
    let valueWidth: Int
    /// Logarithms of what features are divided by; −infinity before the first key. [1, width]
    let highest: Matrix
    /// Σ φ(k)·vᵀ. [width, valueWidth]
    let values: Matrix
    /// [width, Sum.columns]
    let sums: Matrix
    /// The same before the keys that were added last.
    let before: (highest: Matrix, values: Matrix, sums: Matrix)

    private let ones: Matrix
    private let rescale: Matrix

    package init(map: FeatureMap, valueWidth: Int) {
        self.map = map
        self.valueWidth = valueWidth
        func matrices() -> (highest: Matrix, values: Matrix, sums: Matrix) {
            (
                Matrix(rows: 1, columns: map.width, filling: -.infinity),
                Matrix(rows: map.width, columns: valueWidth), Matrix(rows: map.width, columns: Sum.columns)
            )
        }
        (highest, values, sums) = matrices()
        before = matrices()
        ones = Matrix(rows: 1, columns: map.width, filling: 1)
        rescale = Matrix(rows: 1, columns: map.width)
    }

    /// Divides all that is there by what the next keys need, and their features too.
    func raise(for keys: FeatureBlock) {
        before.highest.copyRows(of: highest, count: 1)
        before.values.copyRows(of: values, count: map.width)
        before.sums.copyRows(of: sums, count: map.width)
        map.divide(keys.features, columns: Self.block, used: keys.count, highest: highest.base)
        for feature in 0..<map.count {
            let factor = expf(before.highest.base[feature] - highest.base[feature])
            rescale.base[feature] = factor
            guard factor != 1 else { continue }
            let (values, sums) = (values.row(feature), sums.row(feature))
            for i in 0..<valueWidth { values[i] *= factor }
            for i in 0..<Sum.columns { sums[i] *= factor }
        }
    }

    /// The largest that a feature was raised by, as a logarithm; of one without keys nothing.
    var raised: Float {
        (0..<map.count).reduce(0) {
            let old = before.highest.base[$1]
            return old > -.infinity ? max($0, highest.base[$1] - old) : $0
        }
    }

    /// Adds the keys that were raised for.
    func add(_ keys: FeatureBlock) {
        for feature in 0..<map.width { sums.row(feature)[Sum.last.rawValue] = 0 }
        ck_sums(
            keys.features.base, map.width, Self.block, keys.values, valueWidth, ones.base, values.base)
        ck_sums(keys.features.base, map.width, Self.block, keys.places.base, Sum.columns, ones.base, sums.base)
    }

    /// Begins another block of the map.
    func beginMapBlock() { for feature in 0..<map.width { sums.row(feature)[Sum.mapBlock.rawValue] = 0 } }

    /// ln Σ φ(k) over the keys of the block of the map. [width]
    func logarithms(ofMapBlock target: UnsafeMutablePointer<Float>) {
        for feature in 0..<map.width {
            let sum = sums.row(feature)[Sum.mapBlock.rawValue]
            target[feature] = feature < map.count && sum > 0 ? logf(sum) + highest.base[feature] : -.infinity
        }
    }
}

/// Some keys in a row with their features and values.
final class FeatureBlock {
    /// [width, FeatureState.block]
    let features: Matrix
    /// The numbers of the keys. [dimension, FeatureState.block]
    let keys: Matrix
    /// [FeatureState.block, valueWidth]
    private(set) var values: UnsafePointer<Float>
    /// What each adds to the sums of a state. [FeatureState.block, Sum.columns]
    let places = Matrix(rows: FeatureState.block, columns: FeatureState.Sum.columns)
    /// What the features of each share, as logarithms: here they are part of the features. [1, FeatureState.block]
    private let shared = Matrix(rows: 1, columns: FeatureState.block)
    private let map: FeatureMap
    /// Values of keys that do not begin a block: behind them there need not be so many more.
    private let copied: Matrix
    /// How many there are.
    private(set) var count = 0

    init(map: FeatureMap, valueWidth: Int) {
        self.map = map
        features = Matrix(rows: map.width, columns: FeatureState.block, filling: nil)
        keys = Matrix(rows: map.dimension, columns: FeatureState.block)
        copied = Matrix(rows: FeatureState.block, columns: valueWidth)
        values = UnsafePointer(copied.base)
    }

    /// Takes keys from a tile.
    /// - Parameters:
    ///   - tile: [dimension, tileSize]
    ///   - first: the first key's place in the text
    ///   - values: of the keys, [count, valueWidth]; of those that begin a block, [FeatureState.block, valueWidth]
    func take(_ tile: UnsafePointer<Float>, first: Int, count: Int, values: UnsafePointer<Float>) {
        let size = FeatureState.block
        self.count = count
        let isWhole = first % size == 0
        if isWhole {
            self.values = values
        } else {
            copied.base.update(from: values, count: count * copied.columns)
            self.values = UnsafePointer(copied.base)
        }
        let taken = isWhole ? size : count
        for i in 0..<map.dimension {
            let row = keys.row(i)
            row.update(from: tile + i * tileSize + first % tileSize, count: taken)
            (row + taken).update(repeating: 0, count: size - taken)
        }
        map.features(of: keys.base, count: size, to: features, shared: shared.base)
        for feature in 0..<map.count { ck_add(features.row(feature), shared.base, size) }
        for key in 0..<size {
            let row = places.row(key)
            row[FeatureState.Sum.features.rawValue] = 1
            row[FeatureState.Sum.places.rawValue] = Float(first + key)
            row[FeatureState.Sum.first.rawValue] = first + key == 0 ? 1 : 0
            row[FeatureState.Sum.last.rawValue] = key == count - 1 ? 1 : 0
            row[FeatureState.Sum.mapBlock.rawValue] = 1
        }
    }
}
