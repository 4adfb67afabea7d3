import CRopewalkKernels
import Foundation

/// A few neighbouring queries of one head on their way through the tiles.
///
/// A class: it holds a dozen references, and as a value it would retain and release each for every tile and row.
final class AttentionGroup {
    let attention: Attention
    let plan: VisibilityPlan
    let head: Int
    let group: VisibilityPlan.Group
    let scratch: AttentionScratch
    let results: AttentionResults
    private let queries: TurnedQueries

    /// - Parameter queries: before rotation, [query of the chunk, head · dimension]
    init(
        attention: Attention, plan: VisibilityPlan, head: Int, group: VisibilityPlan.Group, queries: Matrix,
        scratch: AttentionScratch, results: AttentionResults
    ) {
        self.attention = attention
        self.plan = plan
        self.head = head
        self.group = group
        self.scratch = scratch
        self.results = results
        let dimension = attention.cache.dimension
        self.queries = TurnedQueries(
            positions: plan.positions, rule: attention.rule, head: head,
            places: group.rows.map { plan.firstQuery + $0 }, dimension: dimension, scale: attention.scale
        ) { UnsafePointer(queries.row(group.rows.lowerBound + $0) + head * dimension) }
    }

    private var cache: KeyValueCache { attention.cache }
    private var keyHead: Int { head / (attention.heads / cache.heads) }
    private var rows: Int { group.rows.count }
    /// Keys of a block that the loops leave sums behind for; several make a block of the map where that is larger.
    private var block: Int { min(attention.poolBlock, tileSize) }
    private var blocksPerTile: Int { tileSize / block }

    private func keyTile(_ tile: Int, slot: Int) -> UnsafePointer<Float> {
        UnsafePointer(cache.keyTile(head: keyHead, tile: tile, slot: slot))
    }

    /// What a selection keeps in each row; nil without one.
    func choices() -> [Choice]? { plan.visibility.selection.map { choose($0) } }

    /// Reads off the results when all tiles are done.
    func finish(_ choices: [Choice]?, context: Matrix) {
        for row in 0..<rows { finish(row, cut: choices?[row].cut ?? .everything, context: context) }
    }

    private func score(_ tile: VisibilityPlan.Tile) {
        queries.score(
            tile: tile.index, uses: tile.uses, keys: { keyTile(tile.index, slot: $0) }, into: scratch.scores,
            scratch: scratch.others)
    }

    /// Takes one tile into the sums of all rows.
    func attend(_ tile: VisibilityPlan.Tile, choices: [Choice]?) {
        score(tile)
        let bits = choices.map { selectedBits(tile, choices: $0) } ?? tile.bits
        if let bits { ck_mask(scratch.scores.base, rows, bits) }
        if !queries.isPlainProduct { noteStrongestKeys(tile.index) }
        let first = tile.index * blocksPerTile
        ck_softmax(
            scratch.scores.base, rows, Float(tile.index * tileSize), scratch.state, block,
            scratch.blockMaximum.base + first, scratch.blockSum.base + first, scratch.blockSum.columns,
            bits == nil ? 0 : 1)
        for row in 0..<rows { scratch.reference.row(row)[tile.index] = scratch.running.base[row] }
        accumulate(tile.index)
    }

    /// Adds the weighted values of a tile.
    private func accumulate(_ tile: Int) {
        func add(_ weights: Matrix, compressed: Bool, rescale: UnsafePointer<Float>) {
            ck_accumulate(
                weights.base, rows, cache.valueTile(head: keyHead, tile: tile, compressed: compressed), cache.width,
                rescale, scratch.output.base)
        }
        guard let firstExact = attention.firstExactValue else {
            return add(scratch.scores, compressed: false, rescale: scratch.running.row(4))
        }
        // The weights of compressed values, and those of the others, in turn.
        scratch.others.copyRows(of: scratch.scores, count: rows)
        for row in 0..<rows {
            let place = group.rows.lowerBound + row + plan.firstQuery
            let first = min(tileSize, max(0, firstExact(place) - tile * tileSize))
            for j in 0..<first { scratch.scores.row(row)[j] = 0 }
            for j in first..<tileSize { scratch.others.row(row)[j] = 0 }
        }
        add(scratch.scores, compressed: false, rescale: scratch.running.row(4))
        add(scratch.others, compressed: true, rescale: scratch.ones.row(0))
    }

    private func finish(_ row: Int, cut: ScoreSelection.Cut, context: Matrix) {
        let chunkRow = group.rows.lowerBound + row
        let sum = scratch.running.row(1)[row]
        let seen = sum > 0 ? scratch.running.row(0)[row] + logf(sum) : Float.infinity
        let beside = attention.beside?[head * plan.count + chunkRow]
        let logSumExp = ScoreRule.joined(attention.rule.withSink(seen, head: head), beside)
        // What a learned sink and what else is read leave to the keys.
        let share = sum > 0 ? expf(seen - logSumExp) : 0
        let scale = sum > 0 ? share / sum : 0
        let output = scratch.output.row(row)
        let target = context.row(chunkRow) + head * cache.dimension
        for i in 0..<cache.dimension { target[i] = output[i] * scale }

        let query = plan.firstQuery + chunkRow
        func set(_ measure: AttentionResults.Measure, _ value: Float) {
            results.set(measure, head: head, row: chunkRow, value)
        }
        set(.logSumExp, logSumExp)
        let surprise = logf(sum) * share - scratch.running.row(2)[row] * scale + (logSumExp - seen) * share
        set(.entropy, sum > 0 ? surprise * 1.442695 : 0)
        set(.distance, sum > 0 ? Float(query) * share - scratch.running.row(3)[row] * scale : 0)
        set(.threshold, cut.threshold)
        results.set(.lastTie, head: head, row: chunkRow, key: cut.lastTie)
        results.set(.topKey, head: head, row: chunkRow, key: topKey(row))
        func weight(_ key: Int) -> Float { self.weight(of: key, row: row, cut: cut, logSumExp: logSumExp) }
        set(.sink, weight(0))
        set(.previous, weight(query - 1))
        set(.induction, weight(Int(attention.inductionKeys[chunkRow])))
        pool(row, poolRow: results.poolRow(ofQuery: query), logSumExp: logSumExp)
    }

    /// The weight of one key; 0 where the query does not see it.
    private func weight(of key: Int, row: Int, cut: ScoreSelection.Cut, logSumExp: Float) -> Float {
        let chunkRow = group.rows.lowerBound + row
        let visibility = plan.visibility
        let ranges = visibility.ranges(of: chunkRow, query: plan.firstQuery + chunkRow)
        guard key >= 0, ranges.contains(where: { $0.contains(key) }) else { return 0 }
        let score = queries.score(row: row, key: key) { keyTile(key / tileSize, slot: $0) }
        let isFixed = visibility.selection?.fixed[chunkRow].contains { $0.contains(key) } ?? true
        return isFixed || cut.keeps(score, key: key) ? expf(score - logSumExp) : 0
    }

    /// The first key with the highest score; −1 where there is none.
    private func topKey(_ row: Int) -> Int {
        guard queries.isPlainProduct else { return scratch.strongestKeys[row] }
        let maxima = scratch.blockMaximum.row(row)
        let count = scratch.blockMaximum.columns
        let highest = ck_maximum(maxima, count)
        guard highest > -.infinity, let place = (0..<count).first(where: { maxima[$0] == highest }) else { return -1 }
        let tile = place / blocksPerTile
        let first = place % blocksPerTile * block
        let found = ck_find_score(
            queries.turned[0].row(row), keyTile(tile, slot: 0), cache.dimension, first, block, highest)
        return found < 0 ? -1 : tile * tileSize + found
    }

    /// Keeps the first key with the highest score so far, where a score is more than a product that is found again.
    private func noteStrongestKeys(_ tile: Int) {
        for row in 0..<rows {
            let scores = scratch.scores.row(row)
            let highest = ck_maximum(scores, tileSize)
            guard highest > scratch.strongest.row(0)[row] else { continue }
            guard let place = (0..<tileSize).first(where: { scores[$0] == highest }) else { continue }
            scratch.strongest.row(0)[row] = highest
            scratch.strongestKeys[row] = tile * tileSize + place
        }
    }

    /// Adds a row to its row of blocks of the map.
    private func pool(_ row: Int, poolRow: Int, logSumExp: Float) {
        var logSumExp = logSumExp
        let weights = scratch.blockMaximum.row(row)
        let scales = scratch.reference.row(row)
        ck_weights(weights, 1, scratch.blockMaximum.columns, &logSumExp)
        ck_weights(scales, 1, scratch.reference.columns, &logSumExp)
        let place = head * results.poolRows + poolRow
        ck_pool(
            group.tileIndices, group.tileIndices.count, blocksPerTile, attention.poolBlock / block, weights,
            scratch.blockSum.row(row), scales, results.poolColumns, results.pooledMaximum.row(place),
            results.pooledMass.row(place))
    }
}

// A selection needs all scores of a query before it can choose.
extension AttentionGroup {
    /// What a selection keeps of a row, besides what is kept anyway.
    struct Choice {
        let candidates: [Range<Int>]
        let cut: ScoreSelection.Cut
    }

    /// What the selection keeps in each row.
    private func choose(_ selection: Visibility.Selection) -> [Choice] {
        let scores = Matrix(rows: rows, columns: (plan.lastTile + 1) * tileSize, filling: nil)
        for tile in group.tiles {
            score(tile)
            for row in 0..<rows {
                (scores.row(row) + tile.index * tileSize).update(from: scratch.scores.row(row), count: tileSize)
            }
        }
        return (0..<rows).map { row in
            let chunkRow = group.rows.lowerBound + row
            let visible = plan.visibility.ranges(
                of: chunkRow, query: plan.firstQuery + chunkRow)
            let candidates = ScoreSelection.subtract(selection.fixed[chunkRow], from: visible)
            return Choice(
                candidates: candidates,
                cut: ScoreSelection.cut(scores.row(row), candidates: candidates, count: selection.count))
        }
    }

    /// The bits of the keys that are kept; the scores of the tile must be there.
    private func selectedBits(_ tile: VisibilityPlan.Tile, choices: [Choice]) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: rows * TileBits.words)
        guard let selection = plan.visibility.selection else { return bits }
        let range = tile.index * tileSize..<(tile.index + 1) * tileSize
        for (row, choice) in choices.enumerated() {
            for fixed in selection.fixed[group.rows.lowerBound + row] {
                TileBits.set(fixed.clamped(to: range), of: range, in: &bits, row: row)
            }
            let scores = scratch.scores.row(row)
            for part in choice.candidates {
                for key in part.clamped(to: range) where choice.cut.keeps(scores[key % tileSize], key: key) {
                    bits[row * TileBits.words + key % tileSize / 64] |= 1 << UInt64(key % 64)
                }
            }
        }
        return bits
    }
}
