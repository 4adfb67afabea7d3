import RopewalkKernels
import RopewalkModels

extension Lens {
    /// The scores of all heads, layer by layer, as means over the recorded queries.
    public func headScores() -> [HeadScore] {
        let sums = headSums(from: 0)
        return sums.indices.map { sums[$0].score(layer: $0 / shape.heads, head: $0 % shape.heads) }
    }

    /// What the run measured of all heads, layer by layer, of queries from token `from` on; sinks from token `sinksFrom` on.
    /// - Parameter hasEarlier: whether a query has something to repeat; nil where its token stood earlier
    func headSums(from: Int, sinksFrom: Int? = nil, hasEarlier: [Bool]? = nil) -> [HeadSums] {
        let hasEarlier = hasEarlier ?? Self.earlierOccurrences(recording)
        // What the run measured is the run's, whatever is previewed on it.
        let exact = basis == .exact ? self : Lens(recording: recording, threads: 0)
        let (ids, keyIDs, heads) = (recording.ids, recording.keyIDs, shape.heads)
        let all = workers.map(shape.layers * heads) { index in
            var sums = HeadSums()
            for chunk in recording.chunks {
                sums.add(
                    chunk.layers[index / heads].attention, head: index % heads, tokens: chunk.tokens,
                    hasEarlier: hasEarlier, from: from, sinksFrom: sinksFrom ?? from)
            }
            sums.hasPairs = recording.hasPairs(layer: index / heads)
            let keys = StrongestKeys(recording, layer: index / heads, head: index % heads, from: sinksFrom ?? from)
            sums.add(keys.retrieval(ids: ids, keyIDs: keyIDs))
            return (sums: sums, keys: keys)
        }
        return all.enumerated().map { index, head in
            var sums = head.sums
            sums.add(
                exact.sinks(head.keys, layer: index / heads, head: index % heads, from: sinksFrom ?? from),
                queries: head.keys.queries)
            return sums
        }
    }

    /// Whether the token of each recorded place stood earlier in the text.
    static func earlierOccurrences(_ recording: Recording) -> [Bool] {
        var seen = Set<Int32>()
        return recording.ids.prefix(recording.tokens).map { !seen.insert($0).inserted }
    }
}

/// Sums of what runs measured of one head.
struct HeadSums {
    private var entropy = 0.0
    private var distance = 0.0
    private var firstToken = 0.0
    private var previous = 0.0
    private var induction = 0.0
    private var queries = 0
    private var inductionQueries = 0
    private var sink = 0.0
    private var sinkQueries = 0
    /// Of the text that was added last.
    private var sinks: [HeadScore.Sink] = []
    private var hits = 0.0
    private var predicted = 0
    /// Whether every pair was looked at: else entropy, sinks, induction and retrieval are not known.
    var hasPairs = true

    /// Adds the queries of a chunk from token `from` on, for the first token from `sinksFrom` on.
    mutating func add(
        _ summary: AttentionSummary, head: Int, tokens: Range<Int>, hasEarlier: [Bool], from: Int, sinksFrom: Int
    ) {
        for query in max(tokens.lowerBound, from)..<max(tokens.upperBound, from) {
            let place = head * tokens.count + query - tokens.lowerBound
            entropy += Double(summary.entropy[place])
            distance += Double(summary.distance[place])
            if query >= sinksFrom { firstToken += Double(summary.sink[place]) }
            previous += Double(summary.previous[place])
            queries += 1
            if hasEarlier[query] {
                induction += Double(summary.induction[place])
                inductionQueries += 1
            }
        }
    }

    /// Adds hits above chance.
    mutating func add(_ retrieval: (excess: Double, queries: Int)) {
        hits += retrieval.excess
        predicted += retrieval.queries
    }

    /// Adds the sinks of a text.
    mutating func add(_ sinks: [HeadScore.Sink], queries: Int) {
        self.sinks = sinks
        sink += sinks.reduce(0) { $0 + Double($1.weight) } * Double(queries)
        sinkQueries += queries
    }

    /// Adds what was measured on another text.
    mutating func add(_ other: HeadSums) {
        entropy += other.entropy
        distance += other.distance
        firstToken += other.firstToken
        previous += other.previous
        induction += other.induction
        queries += other.queries
        inductionQueries += other.inductionQueries
        sink += other.sink
        sinkQueries += other.sinkQueries
        sinks = other.sinks
        hits += other.hits
        predicted += other.predicted
        hasPairs = hasPairs && other.hasPairs
    }

    func score(layer: Int, head: Int) -> HeadScore {
        func mean(_ sum: Double, _ count: Int) -> Float { count > 0 ? Float(sum / Double(count)) : 0 }
        return HeadScore(
            layer: layer, head: head, entropy: hasPairs ? mean(entropy, queries) : .nan,
            meanDistance: mean(distance, queries), sink: hasPairs ? mean(sink, sinkQueries) : .nan,
            previousToken: mean(previous, queries), induction: hasPairs ? mean(induction, inductionQueries) : .nan,
            retrieval: hasPairs ? mean(hits, predicted) : .nan, sinks: sinks,
            firstToken: mean(firstToken, sinkQueries))
    }
}
