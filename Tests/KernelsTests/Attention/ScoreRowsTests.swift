import TestSupport
import Testing

@testable import RopewalkKernels

/// What a lens computes again from recorded states is what the run had, to the bit: a selection is found again by it.
struct ScoreRowsTests {
    static let settings = ["simple", "near and far", "chunks", "cap", "bias", "everything"]

    static func setting(_ name: String) -> (PositionTables, ScoreRule) {
        let table = PositionTables(PositionTablesTests.table())
        let tokens = PositionTablesTests.tokens
        return switch name {
        case "near and far": (PositionTablesTests.nearAndFar, .plain)
        case "chunks": (PositionTablesTests.chunks, .plain)
        case "cap": (table, ScoreRule(softcap: 3))
        case "bias":
            (
                table,
                ScoreRule(
                    bias: ScoreBias(
                        heads: 4, queries: tokens, keys: tokens, ofKeys: PositionTablesTests.biasOfKeys,
                        value: PositionTablesTests.bias))
            )
        case "everything": PositionTablesTests.everything
        default: (table, .plain)
        }
    }

    /// Some rows of a head, in any order, against the run's own cuts, sums and strongest keys.
    @Test(arguments: settings) func aCutIsFoundAgain(name: String) {
        let (positions, rule) = Self.setting(name)
        let tokens = PositionTablesTests.tokens
        let trial = AttentionTrial(
            AttentionCase(
                queries: tokens, positions: positions, rule: rule, visibilities: [PositionTablesTests.highest]))
        for head in 0..<4 {
            let places = stride(from: tokens - 1, through: 0, by: -7).map { $0 }
            let scores = Self.scores(trial, head: head, places: places)
            for (row, query) in places.enumerated() {
                let place = head * tokens + query
                let cut = ScoreSelection.Cut(
                    threshold: trial.summary.threshold[place], lastTie: Int(trial.summary.lastTie[place]))
                let fixed = [max(0, query - 3)..<query + 1]
                let before = scores.copy(rows: row..<row + 1)
                scores.hide(row: row, outside: [0..<query + 1])
                let found = scores.select(row: row, visible: [0..<query + 1], fixed: fixed, count: 6)
                #expect(
                    found.threshold == cut.threshold && Int(Int32(clamping: found.lastTie)) == cut.lastTie,
                    "\(name) \(head), \(query)")
                let kept = scores.copy(rows: row..<row + 1).map { $0 > -.infinity }
                #expect(kept.filter { $0 }.count == min(query + 1, 10))
                let highest = before.indices.filter { kept[$0] }.max { (before[$0], $1) < (before[$1], $0) }
                #expect(highest == Int(trial.summary.topKey[place]), "\(name) \(head), \(query)")
            }
        }
    }

    /// A pair by itself, a row among others and a row alone have one score.
    @Test(arguments: settings) func pairsAndRowsAgree(name: String) {
        let (positions, rule) = Self.setting(name)
        let tokens = PositionTablesTests.tokens
        let trial = AttentionTrial(AttentionCase(queries: tokens, positions: positions, rule: rule))
        let places = Array(0..<tokens)
        let all = Self.scores(trial, head: 3, places: places)
        for query in [0, 1, 31, 32, 64, 255, 256, 299] {
            let alone = Self.scores(trial, head: 3, places: [query])
            #expect(
                firstDifference(alone.copy(rows: 0..<1), all.copy(rows: query..<query + 1)) == nil, "\(name) \(query)")
            let state = Self.state(trial, head: 3, query)
            let turned = state.withUnsafeBufferPointer { state -> TurnedQueries? in
                state.baseAddress.map { base in
                    TurnedQueries(
                        positions: positions, rule: rule, head: 3, places: [query], dimension: 8, scale: 0.5
                    ) { _ in base }
                }
            }
            let row = all.copy(rows: query..<query + 1)
            for key in 0...query {
                let score = turned?.score(row: 0, key: key) {
                    UnsafePointer(trial.cache.keyTile(head: 1, tile: key / tileSize, slot: $0))
                }
                #expect(score == row[key], "\(name) \(query), \(key)")
            }
        }
    }

    private static func state(_ trial: AttentionTrial, head: Int, _ query: Int) -> [Float] {
        Array(trial.queries.copy(rows: query..<query + 1)[head * 8..<head * 8 + 8])
    }

    private static func scores(_ trial: AttentionTrial, head: Int, places: [Int]) -> Matrix {
        let c = trial.c
        let packed = HeadPacking.tiles(trial.keys, count: c.keyCount, heads: 2, workers: Workers(count: 1))
        let tiles = (0..<2).map { KeyTile(keys: packed, offset: (head / 2 * 2 + $0) * 8 * tileSize, index: $0) }
        return ScoreRows(
            states: places.flatMap { state(trial, head: head, $0) }, places: places, dimension: 8, scale: 0.5,
            positions: c.tables, rule: c.rule, head: head
        ).scores(with: tiles, workers: Workers(count: 2))
    }
}
