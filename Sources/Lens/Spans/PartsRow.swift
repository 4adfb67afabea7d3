/// What the tokens of one part of a text read of all its parts in one head, as far as it is worked out: the mean over the
/// queries of the weights summed over the keys of a part.
package struct PartsRow: Equatable, Sendable {
    package let queries: Range<Int>
    package private(set) var done = 0
    /// Summed over the queries that count. [part]
    private var sums: [Double]
    package private(set) var isMissing = false

    package init(_ queries: Range<Int>, parts: Int) {
        self.queries = queries
        sums = Array(repeating: 0, count: parts)
    }

    package var isComplete: Bool { isMissing || done == queries.count }

    /// They add up to less than 1 where tokens belong to no part, as special ones do. [part]
    package var weights: [Float] { sums.map { Float($0 / Double(max(1, done))) } }

    /// There is nobody to ask.
    package mutating func miss() { isMissing = true }

    fileprivate mutating func add(_ rows: [AttentionRow], parts: [Range<Int>]) {
        guard !rows.isEmpty else { return miss() }
        for row in rows {
            for (index, part) in parts.enumerated() where index < sums.count {
                let keys = part.clamped(to: 0..<row.weights.count)
                if keys.isEmpty, part.lowerBound >= row.weights.count { break }
                sums[index] += row.weights[keys].reduce(0) { $0 + Double($1) }
            }
            done += 1
        }
    }
}

extension Lens {
    /// Adds some more queries.
    /// - Parameter parts: of the text, in its order
    package func extend(_ row: inout PartsRow, layer: Int, head: Int, parts: [Range<Int>]) {
        guard !row.isComplete, let last = row.queries.last else { return row.miss() }
        let count = Self.queriesOfStep(keys: keyEnd(last))
        let first = row.queries.lowerBound + row.done
        row.add(
            rows(layer: layer, head: head, queries: Array(first..<min(first + count, last + 1))), parts: parts)
    }

    /// All of them.
    package func partsRow(layer: Int, head: Int, queries: Range<Int>, parts: [Range<Int>]) -> PartsRow {
        var row = PartsRow(queries, parts: parts.count)
        while !row.isComplete { extend(&row, layer: layer, head: head, parts: parts) }
        return row
    }
}
