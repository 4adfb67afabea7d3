import CKernels
import Foundation

/// A tile of recorded keys before rotation.
public struct KeyTile: Sendable {
    /// [..., dimension, tileSize]
    let keys: [Float]
    let offset: Int
    /// Its place in the text: it begins at token index · tileSize.
    public let index: Int

    public init(keys: [Float], offset: Int, index: Int) {
        self.keys = keys
        self.offset = offset
        self.index = index
    }
}

/// The scores of any queries with any tiles of recorded keys, to the bit those of a run.
public struct ScoreRows {
    /// Turned and scaled. [row, dimension]
    let queries: Matrix
    let table: RotaryTable

    /// - Parameters:
    ///   - states: queries before rotation, one after the other, [row, dimension]
    ///   - positions: the position of each
    ///   - scale: 1 / √dimension
    public init(states: [Float], positions: [Int], dimension: Int, scale: Float, table: RotaryTable) {
        precondition(states.count == positions.count * dimension)
        self.table = table
        queries = Matrix(rows: max(1, positions.count), columns: dimension)
        for (row, position) in positions.enumerated() {
            let target = queries.row(row)
            for i in 0..<dimension { target[i] = states[row * dimension + i] }
            table.rotate(target, position: position)
            for i in 0..<dimension { target[i] *= scale }
        }
    }

    /// The scaled scores with every key of the tiles, [row, tile · tileSize]; keys past the text score 0.
    public func scores(with tiles: [KeyTile], workers: Workers = Workers(count: 1)) -> Matrix {
        let result = Matrix(
            rows: queries.rows, columns: max(1, tiles.count) * tileSize, filling: tiles.isEmpty ? -.infinity : nil)
        let d = queries.columns
        let packed = Matrix(rows: queries.rows, columns: d, filling: nil)
        ck_pack_queries(queries.base, d, queries.rows, d, packed.base)
        workers.forEach(tiles.count) { place in
            let turned = Matrix(rows: d, columns: tileSize, filling: nil)
            let scores = Matrix(rows: queries.rows, columns: tileSize, filling: nil)
            let tile = tiles[place]
            tile.keys.withUnsafeBufferPointer { keys in
                guard let keys = keys.baseAddress else { return }
                table.rotateTile(keys + tile.offset, tile: tile.index, dimension: d, to: turned.base)
            }
            ck_scores(packed.base, queries.rows, turned.base, d, scores.base)
            for row in 0..<queries.rows {
                (result.row(row) + place * tileSize).update(from: scores.row(row), count: tileSize)
            }
        }
        return result
    }

    /// A query, turned and scaled. [dimension]
    public func query(_ row: Int) -> [Float] { queries.copy(rows: row..<row + 1) }
}

extension Matrix {
    /// Hides the columns of a row outside of some sorted, disjoint ranges: their scores become −infinity.
    public func hide(row: Int, outside ranges: [Range<Int>]) {
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
    public func select(
        row: Int, visible: [Range<Int>], fixed: [Range<Int>], count: Int
    ) -> ScoreSelection.Cut {
        let candidates = ScoreSelection.subtract(fixed, from: visible)
        let cut = ScoreSelection.cut(self.row(row), candidates: candidates, count: count)
        hide(cut, row: row, candidates: candidates, firstKey: 0)
        return cut
    }

    /// Hides what a known cut does not keep; the ranges count columns, column 0 is key `firstKey`.
    public func apply(
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
    public func logSumExp(row: Int) -> Float {
        let highest = ck_maximum(self.row(row), columns)
        return highest > -.infinity ? highest + logf(ck_exp_sum(self.row(row), columns, highest)) : .infinity
    }

    /// Turns the scores of a row into weights in place.
    public func weigh(row: Int, logSumExp: Float) {
        var logSumExp = logSumExp
        ck_weights(self.row(row), 1, columns, &logSumExp)
    }

    /// Some columns of a row.
    public func copy(row: Int, columns range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return Array(UnsafeBufferPointer(start: self.row(row) + range.lowerBound, count: range.count))
    }

    /// The highest of some columns of a row.
    public func maximum(row: Int, columns range: Range<Int>) -> Float {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return ck_maximum(self.row(row) + range.lowerBound, range.count)
    }

    /// The sum of some columns of a row.
    public func sum(row: Int, columns range: Range<Int>) -> Float {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return UnsafeBufferPointer(start: self.row(row) + range.lowerBound, count: range.count).reduce(0, +)
    }
}
