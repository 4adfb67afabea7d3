import CRopewalkKernels
import Foundation

/// A tile of recorded keys before rotation.
package struct KeyTile: Sendable {
    /// [..., dimension, tileSize]
    let keys: RecordedNumbers
    let offset: Int
    /// Its place in the text: it begins at token index · tileSize.
    package let index: Int

    package init(keys: RecordedNumbers, offset: Int, index: Int) {
        self.keys = keys
        self.offset = offset
        self.index = index
    }

    package init(keys: [Float], offset: Int, index: Int) {
        self.init(keys: .single(keys), offset: offset, index: index)
    }
}

extension KeyTile {
    /// One key of the tile. [dimension]
    package func key(_ place: Int, dimension: Int) -> [Float] {
        (0..<dimension).map { keys[offset + $0 * tileSize + place] }
    }

    /// Copies the tile. [dimension, tileSize]
    func copy(to target: UnsafeMutablePointer<Float>, count: Int) {
        keys.with(offset..<offset + count) { target.update(from: $0, count: count) }
    }

    /// Tiles of keys that lie in a row.   keys: [token, dimension]
    package static func packed(_ keys: [Float], dimension: Int) -> [KeyTile] {
        let count = keys.count / max(1, dimension)
        let tiles = (count + tileSize - 1) / tileSize
        let packed = [Float](unsafeUninitializedCapacity: tiles * dimension * tileSize) { buffer, initialized in
            keys.withUnsafeBufferPointer { keys in
                guard let base = buffer.baseAddress, let keys = keys.baseAddress else { return }
                for tile in 0..<tiles {
                    ck_pack_tile(
                        keys + tile * tileSize * dimension, dimension, min(tileSize, count - tile * tileSize),
                        dimension, base + tile * dimension * tileSize)
                }
            }
            initialized = tiles * dimension * tileSize
        }
        return (0..<tiles).map { KeyTile(keys: packed, offset: $0 * dimension * tileSize, index: $0) }
    }
}

/// The scores of any queries of one head with any tiles of recorded keys, to the bit those of a run; of maps that are given,
/// ln of the weights.
package struct ScoreRows {
    private enum Source {
        case turned(TurnedQueries)
        case given(GivenWeights, layer: Int, head: Int, places: [Int])
    }

    private let source: Source

    /// - Parameters:
    ///   - states: queries before rotation, one after the other, [row, dimension]
    ///   - places: the place of each in the text
    ///   - scale: what products are multiplied by
    package init(
        states: [Float], places: [Int], dimension: Int, scale: Float, positions: PositionTables,
        rule: ScoreRule = .plain, head: Int = 0
    ) {
        // States are gathered place by place, each of the size of a head.
        precondition(states.count == places.count * dimension)
        let rows = Matrix(rows: max(1, places.count), columns: dimension, filling: nil)
        for row in places.indices { rows.setRow(row, to: states[row * dimension..<(row + 1) * dimension]) }
        source = .turned(
            TurnedQueries(
                positions: positions, rule: rule, head: head, places: places, dimension: dimension, scale: scale
            ) { UnsafePointer(rows.row($0)) })
    }

    /// Of weights alone: their logarithms, which are scores but for a constant a query.
    package init(_ given: GivenWeights, layer: Int, head: Int, places: [Int]) {
        source = .given(given, layer: layer, head: head, places: places)
    }

    /// The scores with every key of the tiles, [row, tile · tileSize]; keys past the text score as zeros do.
    /// - Parameter compressed: all keys from the first token on as a compressed cache gives them back, turned, for every way
    ///   of turning; only for positions that read such a cache
    package func scores(
        with tiles: [KeyTile], compressed: [[KeyTile]] = [], workers: Workers = Workers(count: 1)
    ) -> Matrix {
        switch source {
        case .turned(let queries): Self.scores(queries, with: tiles, compressed: compressed, workers: workers)
        case .given(let given, let layer, let head, let places):
            given.logarithms(layer: layer, head: head, queries: places, tiles: tiles.map(\.index), workers: workers)
        }
    }

    private static func scores(
        _ queries: TurnedQueries, with tiles: [KeyTile], compressed: [[KeyTile]], workers: Workers
    ) -> Matrix {
        let count = queries.places.count
        let result = Matrix(
            rows: max(1, count), columns: max(1, tiles.count) * tileSize, filling: tiles.isEmpty ? -.infinity : nil)
        let d = queries.dimension
        let positions = queries.positions
        // A lens of a compressed cache hands over the tiles of all its slots (EveryScenarioTests).
        precondition(positions.slots <= positions.keys.count + compressed.count)
        workers.forEach(tiles.count) { place in
            let tile = tiles[place]
            let uses = positions.uses(queries: queries.places, visible: nil, tile: tile.index)
            let turned = Matrix(
                rows: positions.keys.count + compressed.count, columns: d * tileSize, filling: nil)
            let scores = Matrix(rows: max(1, count), columns: tileSize, filling: nil)
            let scratch = Matrix(rows: positions.isSimple ? 1 : max(1, count), columns: tileSize, filling: nil)
            tile.keys.with(tile.offset..<tile.offset + d * tileSize) { keys in
                for (slot, table) in positions.keys.enumerated() {
                    table.rotateTile(keys, tile: tile.index, dimension: d, to: turned.row(slot))
                }
            }
            // The compressed keys lie in the rows behind those that are turned here.
            for (slot, tiles) in compressed.enumerated() {
                tiles[tile.index].copy(to: turned.row(positions.keys.count + slot), count: d * tileSize)
            }
            queries.score(
                tile: tile.index, uses: uses, keys: { UnsafePointer(turned.row($0)) }, into: scores, scratch: scratch)
            for row in 0..<count {
                (result.row(row) + place * tileSize).update(from: scores.row(row), count: tileSize)
            }
        }
        return result
    }

    /// A query, turned by a piece of the positions and scaled; empty where weights alone are given. [dimension]
    package func query(_ row: Int, piece: Int = 0) -> [Float] {
        guard case .turned(let queries) = source else { return [] }
        return queries.turned[piece].copy(rows: row..<row + 1)
    }
}

extension Matrix {
    /// Hides the columns of a row outside of some sorted, disjoint ranges: their scores become −infinity.
    package func hide(row: Int, outside ranges: [Range<Int>]) {
        let values = self.row(row)
        var start = 0
        for range in ranges {
            let end = min(range.lowerBound, columns)
            for i in start..<max(start, end) { values[i] = -.infinity }
            start = min(range.upperBound, columns)
        }
        for i in start..<max(start, columns) { values[i] = -.infinity }
    }

    /// Narrows a row of scores to a selection: keys of `visible` that are neither in `fixed` nor among the `count` highest
    /// others become −infinity.
    /// - Returns: what was kept of those others.
    @discardableResult
    package func select(
        row: Int, visible: [Range<Int>], fixed: [Range<Int>], count: Int
    ) -> ScoreSelection.Cut {
        let candidates = ScoreSelection.subtract(fixed, from: visible)
        let cut = ScoreSelection.cut(self.row(row), candidates: candidates, count: count)
        hide(cut, row: row, candidates: candidates, firstKey: 0)
        return cut
    }

    /// Hides what a known cut does not keep; the ranges count columns, column 0 is key `firstKey`.
    package func apply(
        _ cut: ScoreSelection.Cut, row: Int, visible: [Range<Int>], fixed: [Range<Int>], firstKey: Int
    ) {
        hide(cut, row: row, candidates: ScoreSelection.subtract(fixed, from: visible), firstKey: firstKey)
    }

    private func hide(_ cut: ScoreSelection.Cut, row: Int, candidates: [Range<Int>], firstKey: Int) {
        let values = self.row(row)
        for range in candidates {
            for column in range where !cut.keeps(values[column], key: firstKey + column) {
                values[column] = -.infinity
            }
        }
    }

    /// ln Σ exp of a row of scores; +infinity where all are −infinity, so that the weights are 0.
    package func logSumExp(row: Int) -> Float {
        let highest = ck_maximum(self.row(row), columns)
        return highest > -.infinity ? highest + logf(ck_exp_sum(self.row(row), columns, highest)) : .infinity
    }

    /// Adds a number to some columns of a row; those that it does not have are passed over.
    package func add(_ value: Float, row: Int, columns range: Range<Int>) {
        let values = self.row(row)
        for column in range.clamped(to: 0..<columns) { values[column] += value }
    }

    /// Turns the scores of a row into weights in place.
    package func weigh(row: Int, logSumExp: Float) {
        var logSumExp = logSumExp
        ck_weights(self.row(row), 1, columns, &logSumExp)
    }

    /// Makes weights that no softmax has, above 2, 1.
    package func bound(row: Int) {
        let values = self.row(row)
        for i in 0..<columns where !(values[i] <= 2) { values[i] = 1 }
    }

    /// The sum of a row, added up in float64.
    package func signedSum(row: Int) -> Double {
        UnsafeBufferPointer(start: self.row(row), count: columns).reduce(0) { $0 + Double($1) }
    }

    /// |x| / Σ |x| of every row; 0 where all are.
    package func shares() -> Matrix {
        let result = Matrix(rows: rows, columns: columns, filling: nil)
        for row in 0..<rows {
            let (source, target) = (self.row(row), result.row(row))
            var sum: Float = 0
            for i in 0..<columns {
                target[i] = abs(source[i])
                sum += target[i]
            }
            let factor = sum > 0 ? 1 / sum : 0
            for i in 0..<columns { target[i] *= factor }
        }
        return result
    }

    /// Some columns of a row.
    package func copy(row: Int, columns range: Range<Int>) -> [Float] {
        // Keys end where those of the query do (Lens.keyEnd), for which the columns were made.
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return Array(UnsafeBufferPointer(start: self.row(row) + range.lowerBound, count: range.count))
    }

    /// The highest of some columns of a row.
    package func maximum(row: Int, columns range: Range<Int>) -> Float {
        // Keys end where those of the query do (Lens.keyEnd), for which the columns were made.
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return ck_maximum(self.row(row) + range.lowerBound, range.count)
    }

    /// The sum of some columns of a row.
    package func sum(row: Int, columns range: Range<Int>) -> Float {
        // Keys end where those of the query do (Lens.keyEnd), for which the columns were made.
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return UnsafeBufferPointer(start: self.row(row) + range.lowerBound, count: range.count).reduce(0, +)
    }
}
