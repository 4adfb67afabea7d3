/// What all heads give some keys from several queries, as far as it is worked out: layer by layer, query after query.
package struct SpanShares: Equatable, Sendable {
    package let queries: TokenSpan
    package let keys: TokenSpan
    /// Whether the share of the output is asked for too, which takes whole rows.
    package let withValues: Bool
    /// Layers that are done, and queries of the next one.
    private var layers = 0
    private var done = 0
    /// Sums over the queries. [layer · head]
    private var weights: [Float]
    private var values: [Float]
    private let layerCount: Int
    package private(set) var isMissing = false

    fileprivate init(queries: TokenSpan, keys: TokenSpan, withValues: Bool, layers: Int, heads: Int) {
        self.queries = queries
        self.keys = keys
        self.withValues = withValues
        layerCount = layers
        weights = Array(repeating: 0, count: layers * heads)
        values = weights
    }

    package var isComplete: Bool { isMissing || layers == layerCount }

    /// The mean over the queries, of the weights summed over the keys; NaN where it is not known yet. [layer · head]
    package var meanWeights: [Float] { means(of: weights) }
    /// The same of the share of the output by length; empty where it was not asked for.
    package var meanValues: [Float] { withValues ? means(of: values) : [] }

    private func means(of sums: [Float]) -> [Float] {
        let heads = sums.count / max(1, layerCount)
        return sums.enumerated().map {
            !isMissing && $0.offset / max(1, heads) < layers ? $0.element / Float(queries.count) : .nan
        }
    }

    fileprivate var layer: Int { layers }
    fileprivate func next(_ count: Int) -> [Int] { Array(queries.tokens[done...].prefix(count)) }

    /// - Parameter shares: of the heads of the present layer, summed over `count` queries
    fileprivate mutating func add(_ shares: [PlaceShare], of count: Int) {
        for (head, share) in shares.enumerated() {
            weights[layers * shares.count + head] += share.weight
            values[layers * shares.count + head] += share.byValue
        }
        done += count
        if done == queries.count { (layers, done) = (layers + 1, 0) }
    }

    fileprivate mutating func miss() { isMissing = true }
}

extension Lens {
    /// Nothing is known yet; nil where a token is not recorded, or no query sees a key.
    package func spanShares(queries: TokenSpan, keys: TokenSpan, withValues: Bool) -> SpanShares? {
        // Of a recording of some heads the first that is there stands for all.
        let first = (0..<shape.layers * shape.heads).first {
            recording.holds(layer: $0 / shape.heads, head: $0 % shape.heads)
        }
        guard let first, has(layer: first / shape.heads, head: first % shape.heads, token: queries.last),
            keys.first < keyEnd(queries.last),
            keys.last < recording.keyTokens
        else { return nil }
        return SpanShares(
            queries: queries, keys: keys, withValues: withValues, layers: shape.layers, heads: shape.heads)
    }

    /// Adds some more queries of a layer.
    package func extend(_ shares: inout SpanShares) {
        guard !shares.isComplete else { return }
        let isWhole = shares.withValues || !knowsSums(layer: shares.layer)
        let width = isWhole ? keyEnd(shares.queries.last) : shares.keys.count + 256
        let queries = shares.next(max(1, Self.pairsOfStep / max(1, width * shape.heads)))
        guard let sums = isWhole ? wholeShares(shares, queries) : recordedShares(shares, queries) else {
            return shares.miss()
        }
        shares.add(sums, of: queries.count)
    }

    /// All of them.
    package func completeSpanShares(queries: TokenSpan, keys: TokenSpan, withValues: Bool) -> SpanShares? {
        var shares = spanShares(queries: queries, keys: keys, withValues: withValues)
        while let known = shares, !known.isComplete {
            var known = known
            extend(&known)
            shares = known
        }
        return shares
    }

    /// From the recorded sums. [head]
    private func recordedShares(_ shares: SpanShares, _ queries: [Int]) -> [PlaceShare]? {
        workers.map(shape.heads) { head in
            var weight: Float = 0
            for query in queries {
                for range in shares.keys.ranges {
                    let seen = range.clamped(to: 0..<keyEnd(query))
                    if !seen.isEmpty {
                        weight += recordedWeight(layer: shares.layer, head: head, query: query, keys: seen)
                    }
                }
            }
            return PlaceShare(weight: weight, byValue: 0)
        }
    }

    /// From whole rows. [head]
    private func wholeShares(_ shares: SpanShares, _ queries: [Int]) -> [PlaceShare]? {
        var lengths: [Int: [Float]] = [:]
        var sums: [PlaceShare] = []
        for head in 0..<shape.heads {
            guard recording.holds(layer: shares.layer, head: head) else {
                sums.append(PlaceShare(weight: .nan, byValue: .nan))
                continue
            }
            let rows = rows(layer: shares.layer, head: head, queries: queries)
            guard rows.count == queries.count else { return nil }
            var (weight, value): (Float, Float) = (0, 0)
            for row in rows {
                let lengthKey = keyValueHead(of: head) * recording.tokens + row.query
                let known =
                    lengths[lengthKey]
                    ?? valueLengths(
                        layer: shares.layer, keyValueHead: keyValueHead(of: head), query: row.query)
                lengths[lengthKey] = known
                let all = zip(row.weights, known).reduce(0) { $0 + $1.0 * $1.1 }
                for range in shares.keys.ranges {
                    for key in range.clamped(to: 0..<row.weights.count) {
                        weight += row.weights[key]
                        // Values of given maps are not known.
                        if all > 0 || all.isNaN { value += row.weights[key] * known[key] / all }
                    }
                }
            }
            sums.append(PlaceShare(weight: weight, byValue: value))
        }
        return sums
    }
}
