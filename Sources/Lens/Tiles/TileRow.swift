import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// The softmax of one row, tile after tile, with the numbers of every step.
package struct TileRow: Equatable, Sendable {
    /// A tile that the row goes through.
    package struct Step: Equatable, Sendable {
        /// Its place among the tiles of the row.
        package let column: Int
        package let keys: Range<Int>
        /// Keys of it that the query sees.
        package let seen: Int
        package let change: OnlineSoftmax.Change
        /// m, l and o after it.
        package let state: OnlineSoftmax
    }

    package let layer: Int
    package let head: Int
    package let query: Int
    package let sizes: TileSizes
    /// Tiles in which the query sees no key are left out.
    package let steps: [Step]
    /// A learned sink joins m and l behind the last tile, and has no value; nil without one.
    package let sink: Step?
    /// After the last tile.
    package let end: OnlineSoftmax
    /// The output of the head and the log-sum-exp as the plain softmax gives them.
    package let plain: [Float]
    package let plainLogSumExp: Float
    package let basis: Provenance.Basis

    /// The highest difference of a number of the output to the plain one. It is rounding.
    package var difference: Float { zip(end.result, plain).reduce(0) { max($0, abs($1.0 - $1.1)) } }
}

/// A row whose keys are split among several workers, each with a softmax of its own (Flash-Decoding).
package struct SplitDecoding: Equatable, Sendable {
    package struct Part: Equatable, Sendable {
        package let keys: Range<Int>
        package let seen: Int
        package let state: OnlineSoftmax
        /// exp(log-sum-exp of the part − that of all): its share of the whole softmax.
        package let share: Float
    }

    package let parts: [Part]
    /// All parts joined.
    package let merged: OnlineSoftmax
    package let plain: [Float]
    package let plainLogSumExp: Float

    package var difference: Float { zip(merged.result, plain).reduce(0) { max($0, abs($1.0 - $1.1)) } }
    /// Numbers that go out and in again for joining: each part's output and log-sum-exp.
    package var joined: Int { 2 * parts.count * (plain.count + 1) }
}

/// A row's scores, as a softmax by parts takes them.
private struct RowScores {
    let lens: Lens
    let layer: Int
    let head: Int
    let query: Int
    /// −∞ where a key is hidden. [key]
    let scores: [Float]
    let plain: [Float]
    let logSumExp: Float

    init?(_ lens: Lens, layer: Int, head: Int, query: Int) {
        // Weights below 0 come of no softmax.
        guard lens.recording.given == nil, !lens.isSigned(layer: layer),
            let mask = lens.maskRow(layer: layer, head: head, query: query),
            let rows = FullRows(lens, layer: layer, head: head, queries: [query])
        else { return nil }
        (self.lens, self.layer, self.head, self.query) = (lens, layer, head, query)
        let all = lens.scores(layer: layer, head: head, query: query, keys: lens.keyEnd(query))
        var scores = [Float](repeating: -.infinity, count: all.count)
        for range in mask.visible.ranges { for key in range.clamped(to: all.indices) { scores[key] = all[key] } }
        self.scores = scores
        plain = lens.output(rows, row: 0, layer: layer, head: head)
        logSumExp = rows.logSumExp[0]
    }

    var sink: Float? { lens.setup.rules[layer].sinks?[head] }

    func seen(_ keys: Range<Int>) -> Int { scores[keys].count { $0 > -.infinity } }

    @discardableResult
    func take(_ keys: Range<Int>, into state: inout OnlineSoftmax) -> OnlineSoftmax.Change {
        state.take(Array(scores[keys])) {
            lens.value(layer: layer, head: head, query: query, key: keys.lowerBound + $0)
        }
    }

    /// A learned sink joins where a key was seen (`ScoreRule.withSink`); what it did.
    func joinSink(_ state: inout OnlineSoftmax) -> OnlineSoftmax.Change? {
        guard let sink, state.highest > -.infinity else { return nil }
        return state.take([sink]) { _ in [] }
    }
}

extension Lens {
    /// How a query's softmax comes about tile by tile; nil where it is not recorded, or where a preview would have to replay
    /// too many queries.
    ///
    /// Scores and mask are those of the run or the preview; the output agrees with the plain softmax but for rounding.
    package func tileRow(layer: Int, head: Int, query: Int, sizes: TileSizes) -> TileRow? {
        guard let row = RowScores(self, layer: layer, head: head, query: query) else { return nil }
        var state = OnlineSoftmax(dimension: row.plain.count)
        var steps: [TileRow.Step] = []
        for column in 0..<sizes.columnCount(keys: row.scores.count) {
            let keys = sizes.keys(ofColumn: column, of: row.scores.count)
            let seen = row.seen(keys)
            guard seen > 0 else { continue }
            let change = row.take(keys, into: &state)
            steps.append(TileRow.Step(column: column, keys: keys, seen: seen, change: change, state: state))
        }
        let end = row.scores.count
        let sink = row.joinSink(&state).map {
            TileRow.Step(
                column: sizes.columnCount(keys: end), keys: end..<end, seen: 0, change: $0, state: state)
        }
        return TileRow(
            layer: layer, head: head, query: query, sizes: sizes, steps: steps, sink: sink, end: state,
            plain: row.plain, plainLogSumExp: row.logSumExp, basis: basis)
    }

    /// The same with the keys split into parts of one length; at least one.
    package func splitDecoding(layer: Int, head: Int, query: Int, splits: Int) -> SplitDecoding? {
        guard let row = RowScores(self, layer: layer, head: head, query: query) else { return nil }
        let count = row.scores.count
        let length = max(1, (count + max(1, splits) - 1) / max(1, splits))
        var merged = OnlineSoftmax(dimension: row.plain.count)
        let parts = stride(from: 0, to: count, by: length).map { start in
            let keys = start..<min(count, start + length)
            var state = OnlineSoftmax(dimension: row.plain.count)
            row.take(keys, into: &state)
            merged.merge(state)
            return (keys: keys, state: state)
        }
        _ = row.joinSink(&merged)
        let whole = merged.logSumExp
        return SplitDecoding(
            parts: parts.map {
                let share = $0.state.logSumExp > -.infinity ? expFloat($0.state.logSumExp - whole) : 0
                return SplitDecoding.Part(keys: $0.keys, seen: row.seen($0.keys), state: $0.state, share: share)
            }, merged: merged, plain: row.plain, plainLogSumExp: row.logSumExp)
    }

    /// What the mask of a head makes of the tiles of its map.
    ///
    /// A selection by scores (top-k) computes every score that places allow: its tiles are those of the places.
    /// - Throws: where the tiles are too many
    package func tileGrid(layer: Int, head: Int, sizes: TileSizes) throws(MethodError) -> TileGrid {
        guard let rows = HeadRows(choosing: self, layer: layer, head: head) else {
            throw .unfit(
                say(
                    "a preview does not know what \(scenario.stateSelection?.spec ?? "") chooses late in a text: run it"
                ))
        }
        return try TileGrid(rows, sizes: sizes)
    }
}
