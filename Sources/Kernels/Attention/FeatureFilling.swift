import CRopewalkKernels
import Foundation

/// How the state of a head fills up along a text.
package struct FeatureFilling: Equatable, Sendable {
    /// Tokens that the state has taken.
    package private(set) var tokens: [Int] = []
    /// ln |Σ φ(k)| and ln |Σ φ(k)·vᵀ| after so many.
    package private(set) var sums: [Float] = []
    package private(set) var values: [Float] = []

    /// Nothing yet.
    init() {}

    mutating func note(_ count: Int, sums sum: Float, values value: Float) {
        tokens.append(count)
        sums.append(sum)
        values.append(value)
    }

    /// - Parameters:
    ///   - tiles: keys before rotation, from the first on
    ///   - values: of some tokens, as the cache has them, [token, width]; the rest of a block is 0
    ///   - every: tokens between two looks at the state, a multiple of `FeatureState.block`
    package init(
        map: FeatureMap, tiles: [KeyTile], table: RotaryTable, tokens: Int, every: Int,
        values: (Range<Int>) -> [Float]
    ) {
        let width = KeyValueCache.width(of: map.dimension)
        let state = FeatureState(map: map, valueWidth: width)
        let block = FeatureBlock(map: map, valueWidth: width)
        let turned = Matrix(rows: map.dimension, columns: tileSize, filling: nil)
        let padded = Matrix(rows: FeatureState.block, columns: width)
        for tile in tiles {
            tile.keys.with(tile.offset..<tile.offset + map.dimension * tileSize) {
                table.rotateTile($0, tile: tile.index, dimension: map.dimension, to: turned.base)
            }
            for first in stride(from: tile.index * tileSize, to: (tile.index + 1) * tileSize, by: FeatureState.block) {
                let end = min(first + FeatureState.block, tokens)
                guard first < end else { break }
                let rows = values(first..<end)
                padded.base.update(repeating: 0, count: FeatureState.block * width)
                rows.withUnsafeBufferPointer {
                    if let base = $0.baseAddress { padded.base.update(from: base, count: (end - first) * width) }
                }
                block.take(turned.base, first: first, count: end - first, values: padded.base)
                state.raise(for: block)
                state.add(block)
                if end % every == 0 || end == tokens { look(at: state, after: end) }
            }
        }
    }

    private mutating func look(at state: FeatureState, after count: Int) {
        func norm(_ square: (Int) -> Double) -> Float {
            let logarithms = (0..<state.map.count).map { 0.5 * log(square($0)) + Double(state.highest.base[$0]) }
            let highest = logarithms.max() ?? -.infinity
            guard highest.isFinite else { return -.infinity }
            return Float(highest + 0.5 * log(logarithms.reduce(0) { $0 + exp(2 * ($1 - highest)) }))
        }
        tokens.append(count)
        sums.append(
            norm {
                let sum = Double(state.sums.row($0)[FeatureState.Sum.features.rawValue])
                return sum * sum
            })
        values.append(
            norm { feature in
                let row = state.values.row(feature)
                return (0..<state.valueWidth).reduce(0) { $0 + Double(row[$1]) * Double(row[$1]) }
            })
    }
}
