import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// Whole rows of the map for some queries, under the lens's scenario.
struct FullRows {
    let queries: [Int]
    /// Weights; keys that a query does not see are 0. Of a kernel whose weights may be below 0, their sizes as shares of all
    /// of the row. [row, tile · tileSize]
    let weights: Matrix
    /// Those weights as they are; nil where they are the same. [row, tile · tileSize]
    let signed: Matrix?
    /// What values are really weighed by. [row, tile · tileSize]
    var given: Matrix { signed ?? weights }
    /// Of all that shares the weight: the keys that are seen, a learned sink, and the slots of a compressed memory; NaN where
    /// there is no such sum, or it is not known.
    let logSumExp: [Float]
    /// Share of the weights of all keys that the model itself shows on the keys that the query sees.
    private let massesKept: [Float]
    /// What a selection kept in each row; empty without one.
    let cuts: [ScoreSelection.Cut]

    /// Nil where there are no queries.
    init?(_ lens: Lens, layer: Int, head: Int, queries: [Int]) {
        guard let last = queries.max(), queries.allSatisfy({ lens.has(layer: layer, head: head, token: $0) }) else {
            return nil
        }
        // All at once, so that a selection is replayed once.
        if let choices = lens.choices, choices.choices(layer: layer, head: head, queries: queries) == nil { return nil }
        self.queries = queries
        if let map = lens.setup.rules[layer].signed {
            let rows = SignedWeights(map, lens: lens, layer: layer, head: head, queries: queries)
            (weights, signed) = (rows.shares, rows.weights)
            logSumExp = Array(repeating: .nan, count: queries.count)
            massesKept = Array(repeating: 1, count: queries.count)
            cuts = []
            return
        }
        signed = nil
        let end = lens.keyEnd(last)
        if let given = lens.recording.given, lens.basis == .exact {
            weights = given.rows(layer: layer, head: head, queries: queries, keys: end, workers: lens.workers)
            // What divided them is not known.
            logSumExp = Array(repeating: .nan, count: queries.count)
            massesKept = Array(repeating: 1, count: queries.count)
            cuts = []
            return
        }
        let scores = Self.scores(lens, layer: layer, head: head, queries: queries, keys: end)
        // Of keys that are taken to stand elsewhere; what is kept of full attention is counted where the text has them.
        let moved = lens.movesKeys(layer: layer) ? Self.moved(lens, layer, head, queries: queries, keys: end) : nil
        weights = scores
        let results = lens.workers.map(queries.count) { row in
            Self.weigh(
                scores, row: row, query: queries[row], moved: moved, lens: lens, layer: layer, head: head)
        }
        logSumExp = results.map(\.logSumExp)
        massesKept = results.map(\.kept)
        cuts = lens.scenario.selection == nil ? [] : results.map(\.cut)
    }

    /// The scores where a selection has taken keys to other places, before it adds to any.
    private static func moved(_ lens: Lens, _ layer: Int, _ head: Int, queries: [Int], keys end: Int) -> Matrix {
        var rule = lens.rule(layer: layer, head: head)
        rule.added = nil
        return scores(lens, layer: layer, head: head, queries: queries, keys: end, rule: rule)
    }

    /// The scores with all keys up to `end`. Global tokens have queries and keys of their own.
    private static func scores(
        _ lens: Lens, layer: Int, head: Int, queries: [Int], keys end: Int, rule: ScoreRule? = nil
    ) -> Matrix {
        let recording = lens.recording
        func scores(_ queries: [Int], global: Bool) -> Matrix {
            let tiles = recording.keyTiles(
                layer: layer, keyValueHead: lens.keyValueHead(of: head), tokens: 0..<end, global: global)
            return lens.scoreRows(
                layer: layer, head: head, queries: queries, rule: rule ?? lens.setup.rules[layer]
            ).scores(
                with: tiles, compressed: lens.compressedTiles(layer: layer, head: head), workers: lens.workers)
        }
        let isGlobal = queries.map(recording.isGlobal)
        guard isGlobal.contains(true), isGlobal.contains(false) else {
            return scores(queries, global: isGlobal.contains(true))
        }
        let parts = [false, true].map { kind in
            let places = queries.indices.filter { isGlobal[$0] == kind }
            return (places: places, scores: scores(places.map { queries[$0] }, global: kind))
        }
        let result = Matrix(rows: queries.count, columns: parts[0].scores.columns)
        for part in parts {
            for (row, place) in part.places.enumerated() {
                result.setRow(place, to: part.scores.copy(rows: row..<row + 1)[...])
            }
        }
        return result
    }

    /// Turns a row of scores into weights in place.
    private static func weigh(
        _ scores: Matrix, row: Int, query: Int, moved: Matrix?, lens: Lens, layer: Int, head: Int
    ) -> (logSumExp: Float, kept: Float, cut: ScoreSelection.Cut) {
        let own = lens.setup.ownKeys(query: query, layer: layer).intersection(0..<lens.keyEnd(query))
        scores.hide(row: row, outside: own.ranges)
        let full = scores.logSumExp(row: row)
        var cut = ScoreSelection.Cut.everything
        var seen = full
        if !lens.scenario.isDense || lens.setup.stateSelection(layer) != nil {
            let visible = lens.visibleKeys(query, layer: layer, head: head)
            scores.hide(row: row, outside: visible.ranges)
            if let selection = lens.scenario.selection {
                let fixed = lens.fixedKeys(query, visible: visible)
                cut = scores.select(
                    row: row, visible: visible.ranges, fixed: fixed.ranges, count: selection.selectedCount)
            }
            seen = scores.logSumExp(row: row)
        }
        // What is kept of full attention is counted before keys count more than once.
        let kept = seen.isFinite ? min(1, expFloat(seen - full)) : 0
        if let moved {
            scores.setRow(row, to: moved.copy(rows: row..<row + 1)[...])
            scores.hide(row: row, outside: lens.visibleKeys(query, layer: layer, head: head).ranges)
        }
        let added = lens.added(query, layer: layer, head: head)
        for (keys, value) in added { scores.add(value, row: row, columns: keys) }
        if moved != nil || !added.isEmpty { seen = scores.logSumExp(row: row) }
        let logSumExp = ScoreRule.joined(
            lens.setup.rules[layer].withSink(seen, head: head),
            lens.slotLogSumExp(layer: layer, head: head, query: query))
        scores.weigh(row: row, logSumExp: logSumExp)
        return (logSumExp, kept, cut)
    }

    /// Share of full attention on the keys that the query sees.
    func massKept(_ row: Int) -> Float { massesKept[row] }
}
