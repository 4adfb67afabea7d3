import CRopewalkKernels
import Foundation

/// Products of signed features of some queries of one head with all keys up to theirs.
package struct SignedRows {
    /// Each with its decay, divided by e^`top`; 0 for keys after the query. [row, tile · tileSize]
    package let products: Matrix
    /// The logarithm of what all products are divided by, without what a query's features share.
    package let top: Float
    /// ln of what those of a query share, less that of the number of directions. [row]
    package let logFactors: [Float]

    /// - Parameters:
    ///   - tiles: keys before rotation, of the first tile and those after it
    ///   - states, places, scale: as of `ScoreRows`
    package init(
        _ map: SignedFeatures, keyHead: Int, tiles: [KeyTile], states: [Float], places: [Int], scale: Float,
        positions: PositionTables, workers: Workers
    ) {
        let d = map.dimension
        // States are gathered place by place, each of the size of a head.
        precondition(states.count == places.count * d)
        let rows = Matrix(rows: max(1, places.count), columns: d, filling: nil)
        for row in places.indices { rows.setRow(row, to: states[row * d..<(row + 1) * d]) }
        let turned = TurnedQueries(
            positions: positions, rule: .plain, head: 0, places: places, dimension: d, scale: scale
        ) { UnsafePointer(rows.row($0)) }
        let queries = Matrix(rows: max(1, places.count), columns: map.width)
        for row in places.indices { map.features(ofQuery: turned.turned[0].row(row), to: queries.row(row)) }
        logFactors = places.indices.map { map.logFactor(ofQuery: turned.turned[0].row($0)) }

        let result = Matrix(rows: max(1, places.count), columns: max(1, tiles.count) * tileSize)
        let shared = Matrix(rows: max(1, tiles.count), columns: tileSize)
        workers.forEach(tiles.count) { place in
            let tile = tiles[place]
            let keys = Matrix(rows: d, columns: tileSize, filling: nil)
            let features = Matrix(rows: map.width, columns: tileSize, filling: nil)
            let products = Matrix(rows: max(1, places.count), columns: tileSize, filling: nil)
            tile.keys.with(tile.offset..<tile.offset + d * tileSize) {
                positions.keys[0].rotateTile($0, tile: tile.index, dimension: d, to: keys.base)
            }
            map.features(of: keys.base, count: tileSize, to: features, shared: shared.row(place))
            ck_sums(queries.base, places.count, map.width, features.base, tileSize, nil, products.base)
            for row in places.indices {
                (result.row(row) + place * tileSize).update(from: products.row(row), count: tileSize)
            }
        }
        top = Self.top(shared, tiles: tiles, last: places.max() ?? 0, isFlat: map.form == .plain)
        products = result
        decay(map, keyHead: keyHead, tiles: tiles, places: places, shared: shared)
    }

    /// Keys of the last tile that come after every query count for nothing.
    private static func top(_ shared: Matrix, tiles: [KeyTile], last: Int, isFlat: Bool) -> Float {
        guard !isFlat else { return 0 }
        return tiles.enumerated().reduce(-Float.infinity) { top, tile in
            let count = min(tileSize, last + 1 - tile.element.index * tileSize)
            return count > 0 ? max(top, ck_maximum(shared.row(tile.offset), count)) : top
        }
    }

    /// Gives every product its decay and what its key was left without.
    private func decay(_ map: SignedFeatures, keyHead: Int, tiles: [KeyTile], places: [Int], shared: Matrix) {
        let first = (tiles.first?.index ?? 0) * tileSize
        let length = max(1, (places.max() ?? 0) + 1 - first)
        let powers = [Float](map.powers(keyHead, count: length).reversed())
        for i in 0..<shared.rows * tileSize { shared.base[i] = expf(min(0, shared.base[i] - top)) }
        for (row, place) in places.enumerated() {
            let values = products.row(row)
            let seen = min(max(0, place + 1 - first), products.columns)
            if map.form == .trigonometric { ck_multiply(values, shared.base, seen) }
            powers.withUnsafeBufferPointer {
                if let base = $0.baseAddress, seen > 0 { ck_multiply(values, base + (length - seen), seen) }
            }
            (values + seen).update(repeating: 0, count: products.columns - seen)
        }
    }
}
