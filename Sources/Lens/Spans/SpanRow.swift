/// What several queries read in one head, as far as it is worked out: query after query.
package struct SpanRow: SteppedAnswer, Equatable {
    package let queries: TokenSpan
    /// Queries that count, the first ones.
    package private(set) var done = 0
    /// A key that the last query could see has a place. [key]
    package private(set) var sums: [Float] = []
    /// The highest weight that one of the queries gives. [key]
    package private(set) var highest: [Float] = []
    /// Where rows cannot be had, as in a preview that would have to replay too much.
    package private(set) var isMissing = false

    package init(_ queries: TokenSpan) { self.queries = queries }

    package var isComplete: Bool { isMissing || done == queries.count }

    /// The mean over the queries that count; a key after a query has weight 0 there. [key]
    package var mean: [Float] { sums.map { $0 / Float(max(1, done)) } }

    /// There is nobody to ask.
    package mutating func miss() { isMissing = true }

    fileprivate mutating func add(_ rows: [AttentionRow]) {
        guard !rows.isEmpty else { return isMissing = true }
        for row in rows {
            let missing = row.weights.count - sums.count
            if missing > 0 {
                sums += [Float](repeating: 0, count: missing)
                highest += [Float](repeating: 0, count: missing)
            }
            for (key, weight) in row.weights.enumerated() {
                sums[key] += weight
                highest[key] = max(highest[key], weight)
            }
            done += 1
        }
    }
}

/// What all queries give several keys of one head, as far as it is worked out: key after key.
package struct SpanColumn: SteppedAnswer, Equatable {
    package let keys: TokenSpan
    package private(set) var done = 0
    /// Summed over the keys that count. [query]
    package private(set) var weights: [Float] = []
    package private(set) var isMissing = false

    package init(_ keys: TokenSpan) { self.keys = keys }

    package var isComplete: Bool { isMissing || done == keys.count }

    fileprivate mutating func add(first: Int, _ column: [Float]) {
        let missing = first + column.count - weights.count
        if missing > 0 { weights += [Float](repeating: 0, count: missing) }
        for (row, weight) in column.enumerated() { weights[first + row] += weight }
        done += 1
    }

    /// There is nobody to ask.
    package mutating func miss() { isMissing = true }
}

extension Lens {
    /// Pairs of a query and a key that a step works on: some milliseconds.
    package static let pairsOfStep = 1 << 17

    /// The queries of a step that see up to `keys` keys.
    static func queriesOfStep(keys: Int) -> Int { max(1, min(64, pairsOfStep / max(1, keys))) }

    /// Adds some more queries.
    package func extend(_ row: inout SpanRow, layer: Int, head: Int) {
        guard !row.isComplete else { return }
        let count = Self.queriesOfStep(keys: keyEnd(row.queries.last))
        let queries = Array(row.queries.tokens[row.done...].prefix(count))
        row.add(rows(layer: layer, head: head, queries: queries))
    }

    /// All of them.
    package func spanRow(layer: Int, head: Int, queries: TokenSpan) -> SpanRow {
        var row = SpanRow(queries)
        while !row.isComplete { extend(&row, layer: layer, head: head) }
        return row
    }

    /// Adds some more keys.
    package func extend(_ column: inout SpanColumn, layer: Int, head: Int) {
        guard !column.isComplete else { return }
        for key in column.keys.tokens[column.done...].prefix(max(1, Self.pairsOfStep / max(1, recording.tokens))) {
            guard let (first, weights) = self.column(layer: layer, head: head, key: key) else { return column.miss() }
            column.add(first: first, weights)
        }
    }

    /// All of them; missing in a preview, which does not know the sums of the queries.
    package func spanColumn(layer: Int, head: Int, keys: TokenSpan) -> SpanColumn {
        var column = SpanColumn(keys)
        while !column.isComplete { extend(&column, layer: layer, head: head) }
        return column
    }

    /// What keys add to a head's output under mean weights of several queries: weight · |value| of the same over all keys.
    /// [key]
    package func valueShares(of row: SpanRow, layer: Int, head: Int) -> [Float] {
        guard row.done > 0, has(layer: layer, head: head, token: row.queries.last) else { return [] }
        let lengths = valueLengths(layer: layer, keyValueHead: keyValueHead(of: head), query: row.queries.last)
        return ValueWeights(row.mean, values: lengths).shares
    }
}
