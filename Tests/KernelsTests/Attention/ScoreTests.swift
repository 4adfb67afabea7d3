import Testing

@testable import RopewalkKernels

/// Scores by row and by column, and what a selection keeps of them.
struct ScoreTests {
    /// The column of a key is what the rows of all queries have there, to the bit.
    @Test(arguments: [2, 10, 32]) func columnsAreRowsTurned(dimension: Int) {
        var random = Random(seed: 9)
        let count = 300
        let workers = Workers(count: 1)
        let table = RotaryTable(frequencies: [1, 0.3, 0.01].prefix(dimension / 2).map { $0 }, positions: count)
        let states = ElementwiseTests.matrix((0..<count).map { _ in random.floats(dimension) })
        let queries = random.floats(count * dimension)
        let packed = HeadPacking.tiles(states, count: count, heads: 1, workers: workers)
        let tiles = (0..<2).map { KeyTile(keys: packed, offset: $0 * dimension * tileSize, index: $0) }
        let rows = ScoreRows(
            states: queries, places: Array(0..<count), dimension: dimension, scale: 0.37,
            positions: PositionTables(table)
        ).scores(with: tiles, workers: workers)
        for key in [0, 17, 255, 256, 299] {
            let turned = table.rotated(states.copy(rows: key..<key + 1), position: key)
            for tile in 0..<2 {
                let size = tile == 0 ? tileSize : count - tileSize
                let column = ScoreColumn.scores(
                    key: turned, queries: .single(queries), offset: tile * tileSize * dimension, count: size,
                    tile: tile,
                    scale: 0.37, table: table)
                #expect((0..<size).allSatisfy { column[$0] == rows.row(tile * tileSize + $0)[key] }, "key \(key)")
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 10, 99, 100, 101, 1000]) func cutsAgreeWithSorting(count: Int) {
        var random = Random(seed: 4)
        let distinct = random.floats(100)
        let tied = distinct.map { ($0 * 4).rounded() }
        let broken = tied.enumerated().map { $0.offset % 7 == 3 ? Float.nan : $0.element }
        let low = tied.enumerated().map { $0.offset % 5 == 3 ? -Float.infinity : $0.element }
        for scores in [distinct, tied, broken, low, Array(repeating: 2, count: 100), []] {
            // Some keys are no candidates, wherever their scores lie.
            let candidates = [0..<scores.count / 3, scores.count / 2..<scores.count].filter { !$0.isEmpty }
            let cut = ScoreSelection.cut(scores, candidates: candidates, count: count)
            let keys = candidates.flatMap { Array($0) }
            let kept = keys.filter { cut.keeps(scores[$0], key: $0) }
            let order = keys.filter { !scores[$0].isNaN }.sorted { (scores[$0], $1) > (scores[$1], $0) }
            #expect(kept == order.prefix(count).sorted(), "\(count) of \(scores)")
        }
    }

    @Test func theNthHighestIsThatOfSorting() {
        var random = Random(seed: 3)
        for count in 1...60 {
            let values = random.floats(count).map { ($0 * Float(count % 9 + 1)).rounded() }
            let sorted = values.sorted(by: >)
            for n in 0..<count {
                var copy = values
                #expect(ScoreSelection.nthHighest(&copy, n) == sorted[n])
            }
        }
    }

    @Test func selectingHidesTheRest() {
        let scores: [Float] = [5, 1, 4, 4, 9, 4, 2, 8]
        let matrix = ElementwiseTests.matrix([scores, scores])
        let cut = matrix.select(row: 0, visible: [0..<4, 5..<8], fixed: [6..<8], count: 2)
        #expect(cut == ScoreSelection.Cut(threshold: 4, lastTie: 2))
        // Key 4 is not in sight, and hiding it is the caller's business.
        #expect(kept(matrix, 0) == [0, 2, 4, 6, 7])
        matrix.apply(cut, row: 1, visible: [0..<4, 5..<8], fixed: [6..<8], firstKey: 0)
        #expect(kept(matrix, 1) == [0, 2, 4, 6, 7])
        matrix.hide(row: 1, outside: [1..<3, 7..<100])
        #expect(kept(matrix, 1) == [2, 7])
        #expect(matrix.maximum(row: 0, columns: 1..<4) == 4)
        #expect(matrix.sum(row: 0, columns: 6..<8) == 10)
    }

    private func kept(_ matrix: Matrix, _ row: Int) -> [Int] {
        let values = matrix.copy(rows: row..<row + 1)
        return values.indices.filter { values[$0] > -.infinity }
    }
}
