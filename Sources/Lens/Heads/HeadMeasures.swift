import RopewalkModels

/// What the literature measures of one head's map, from whole rows, each beside what a head without any preference would
/// have: weights that are equal over the keys that a query could see.
package struct HeadMeasures: Equatable, Sendable {
    /// How many of the first tokens count as the sink.
    package let sinkTokens: Int
    /// How many tokens up to the query count as recent ones.
    package let recentTokens: Int
    private var entropy = Mean()
    private var normalised = Mean()
    private var effective = Mean()
    private var far = Mean()
    private var uniform = Mean()
    private var first = Measure()
    private var before = Measure()
    private var own = Measure()
    private var same = Measure()
    private var followers = Measure()
    private var local = Measure()

    /// A weight, and the weight that chance gives the same keys; means over the queries that have such keys.
    package struct Measure: Equatable, Sendable {
        fileprivate var sum = Mean()
        fileprivate var even = Mean()

        /// 0 to 1; nil where no query has such keys.
        package var weight: Double? { sum.value }
        /// Keys of that kind as a share of all that a query could see.
        package var chance: Double? { even.value }
        /// Queries that have such keys.
        package var queries: Int { sum.count }

        fileprivate mutating func add(_ weights: [Float], keys: some Collection<Int>) {
            sum.add(keys.reduce(0) { $0 + Double(weights[$1]) })
            even.add(Double(keys.count) / Double(weights.count))
        }
    }

    fileprivate struct Mean: Equatable, Sendable {
        private var sum = 0.0
        private(set) var count = 0

        var value: Double? { count > 0 ? sum / Double(count) : nil }

        mutating func add(_ value: Double) {
            sum += value
            count += 1
        }
    }

    /// - Parameters:
    ///   - sinkTokens: 1 or more
    ///   - recentTokens: 1 or more
    package init(sinkTokens: Int = 1, recentTokens: Int = 64) {
        (self.sinkTokens, self.recentTokens) = (max(1, sinkTokens), max(1, recentTokens))
    }

    /// Adds a query.
    /// - Parameter weights: of all keys that it could see, hidden ones with 0. [key]
    package mutating func add(_ weights: [Float], query: Int, targets: TokenTargets) {
        guard !weights.isEmpty else { return }
        let row = RowMeasures(weights, query: query)
        entropy.add(row.entropy)
        if let value = row.normalisedEntropy { normalised.add(value) }
        effective.add(row.effectiveKeys)
        far.add(row.distance)
        uniform.add(row.uniformDistance)
        // Of the sink itself nobody can say whether it looks at the sink or at itself.
        if query >= sinkTokens { first.add(weights, keys: 0..<min(sinkTokens, weights.count)) }
        if query > 0, query <= weights.count { before.add(weights, keys: CollectionOfOne(query - 1)) }
        if query < weights.count { own.add(weights, keys: CollectionOfOne(query)) }
        // Where the two parts meet, a query sees nothing else. Counts may be the largest there are.
        if query < weights.count, query >= recentTokens, query - recentTokens >= sinkTokens {
            local.add(weights, keys: Array(0..<sinkTokens) + Array(query - recentTokens + 1...query))
        }
        let earlier = targets.keys(.duplicate, of: query).filter { $0 < weights.count }
        if !earlier.isEmpty { same.add(weights, keys: earlier) }
        let after = targets.keys(.induction, of: query).filter { $0 < weights.count }
        if !after.isEmpty { followers.add(weights, keys: after) }
    }

    package var queries: Int { entropy.count }
    /// Nats.
    package var meanEntropy: Double? { entropy.value }
    /// Of the most that a query could have, 0 to 1; over queries with two keys or more.
    package var normalisedEntropy: Double? { normalised.value }
    /// Mean of e to the entropy.
    package var effectiveKeys: Double? { effective.value }
    /// Tokens.
    package var distance: Double? { far.value }
    package var uniformDistance: Double? { uniform.value }
    /// On the first `sinkTokens` tokens, of the queries after them.
    package var sink: Measure { first }
    package var previousToken: Measure { before }
    /// On the query's own token.
    package var itself: Measure { own }
    /// On the same token where it stood before.
    package var duplicate: Measure { same }
    /// On what followed the same token, each time it stood before.
    package var induction: Measure { followers }
    /// On the first `sinkTokens` and the last `recentTokens` tokens together, the query's own among them; of the queries that
    /// see more than these. A head with next to all of its weight there is a streaming head (Xiao et al. 2024, DuoAttention,
    /// arXiv 2410.10819).
    package var streaming: Measure { local }
}

extension Lens {
    /// The measures of a head over the recorded queries from `from` on, row by row; nil where it has no rows, or weights
    /// below 0.
    package func headMeasures(
        layer: Int, head: Int, sinkTokens: Int = 1, recentTokens: Int = 64, from: Int = 0
    ) -> HeadMeasures? {
        guard recording.kind != .cross, !isSigned(layer: layer), recording.hasAttention(layer: layer) else {
            return nil
        }
        let targets = TokenTargets(recording.ids)
        var measures = HeadMeasures(sinkTokens: sinkTokens, recentTokens: recentTokens)
        var next = max(0, from)
        while next < recording.tokens {
            let count = Self.queriesOfStep(keys: keyEnd(min(next + 63, recording.tokens - 1)))
            let queries = Array(next..<min(next + count, recording.tokens))
            let rows = rows(layer: layer, head: head, queries: queries)
            guard rows.count == queries.count else { return nil }
            for row in rows { measures.add(row.weights, query: row.query, targets: targets) }
            next += queries.count
        }
        return measures
    }
}
