import CRopewalkKernels

extension FeatureFilling {
    /// How the state of a head of signed features fills up; arguments as above, `tiles` with their keys before rotation.
    package init(
        _ map: SignedFeatures, keyHead: Int, tiles: [KeyTile], table: RotaryTable, tokens: Int, every: Int,
        values: (Range<Int>) -> [Float]
    ) {
        self.init()
        let width = KeyValueCache.width(of: map.dimension)
        let state = SignedState(map: map, keyHead: keyHead, valueWidth: width)
        let turned = Matrix(rows: map.dimension, columns: tileSize, filling: nil)
        let padded = Matrix(rows: FeatureState.block, columns: width)
        for tile in tiles {
            tile.keys.with(tile.offset..<tile.offset + map.dimension * tileSize) {
                table.rotateTile($0, tile: tile.index, dimension: map.dimension, to: turned.base)
            }
            for first in stride(from: tile.index * tileSize, to: (tile.index + 1) * tileSize, by: FeatureState.block) {
                let end = min(first + FeatureState.block, tokens)
                guard first < end else { break }
                padded.base.update(repeating: 0, count: FeatureState.block * width)
                values(first..<end).withUnsafeBufferPointer {
                    if let base = $0.baseAddress { padded.base.update(from: base, count: (end - first) * width) }
                }
                state.take(turned.base, at: first % tileSize, count: end - first)
                state.add(count: end - first, values: padded.base)
                if end % every == 0 || end == tokens { look(at: state, after: end) }
            }
        }
    }

    private mutating func look(at state: SignedState, after count: Int) {
        let logarithms = state.logarithms
        note(count, sums: logarithms.sums, values: logarithms.values)
    }
}
