import Kernels
import Methods
import Models

/// Whole rows of the map for some queries, under the lens's scenario.
struct FullRows {
    let queries: [Int]
    /// Weights; keys that a query does not see are 0. [row, tile · tileSize]
    let weights: Matrix
    let logSumExp: [Float]
    /// ln Σ exp over all keys up to the query, as if nothing were hidden.
    let fullLogSumExp: [Float]
    /// What a selection kept in each row; empty without one.
    let cuts: [ScoreSelection.Cut]

    /// Nil where there are no queries.
    init?(_ lens: Lens, layer: Int, head: Int, queries: [Int]) {
        guard let last = queries.max(), queries.allSatisfy({ lens.has(layer: layer, head: head, token: $0) }) else {
            return nil
        }
        let recording = lens.recording
        let rows = ScoreRows(
            states: queries.flatMap { recording.query(layer: layer, head: head, token: $0) ?? [] }, positions: queries,
            dimension: lens.shape.headDimension, scale: lens.shape.scoreScale, table: lens.table)
        let tiles = recording.keyTiles(
            layer: layer, keyValueHead: lens.keyValueHead(of: head), tokens: 0..<last + 1)
        weights = rows.scores(with: tiles, workers: lens.workers)
        self.queries = queries
        let scores = weights
        let results = lens.workers.map(queries.count) { row in
            Self.weigh(scores, row: row, query: queries[row], scenario: lens.scenario, visible: lens.visibleKeys)
        }
        logSumExp = results.map(\.logSumExp)
        fullLogSumExp = results.map(\.full)
        cuts = lens.scenario.selection == nil ? [] : results.map(\.cut)
    }

    /// Turns a row of scores into weights in place.
    private static func weigh(
        _ scores: Matrix, row: Int, query: Int, scenario: Scenario, visible: (Int) -> KeyRanges
    ) -> (logSumExp: Float, full: Float, cut: ScoreSelection.Cut) {
        scores.hide(row: row, outside: [0..<query + 1])
        let full = scores.logSumExp(row: row)
        var cut = ScoreSelection.Cut.everything
        var logSumExp = full
        if !scenario.isDense {
            let ranges = visible(query)
            scores.hide(row: row, outside: ranges.ranges)
            if let selection = scenario.selection {
                let fixed = ranges.intersection(selection.fixedKeys(query: query, tokens: scores.columns))
                cut = scores.select(
                    row: row, visible: ranges.ranges, fixed: fixed.ranges, count: selection.selectedCount)
            }
            logSumExp = scores.logSumExp(row: row)
        }
        scores.weigh(row: row, logSumExp: logSumExp)
        return (logSumExp, full, cut)
    }

    /// Share of full attention on the keys that the query sees.
    func massKept(_ row: Int) -> Float {
        logSumExp[row].isFinite ? min(1, expFloat(logSumExp[row] - fullLogSumExp[row])) : 0
    }
}
