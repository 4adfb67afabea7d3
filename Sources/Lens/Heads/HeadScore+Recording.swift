import RopewalkKernels
import RopewalkModels

extension Lens {
    /// The scores of all heads, layer by layer, as means over the recorded queries; NaN of heads that are not recorded.
    public func headScores() -> [HeadScore] {
        let sums = headSums(from: 0)
        return sums.indices.map {
            let (layer, head) = ($0 / shape.heads, $0 % shape.heads)
            return recording.holds(layer: layer, head: head)
                ? sums[$0].score(layer: layer, head: head) : .unknown(layer: layer, head: head)
        }
    }

    /// What the run measured of all heads, layer by layer, of queries from token `from` on; sinks from token `sinksFrom` on.
    /// - Parameter hasEarlier: whether a query has something to repeat; nil where its token stood earlier
    func headSums(from: Int, sinksFrom: Int? = nil, hasEarlier: [Bool]? = nil) -> [HeadSums] {
        let hasEarlier = hasEarlier ?? Self.earlierOccurrences(recording)
        let (exact, heads, sinksFrom) = (measuring, shape.heads, sinksFrom ?? from)
        let all = workers.map(shape.layers * heads) { index in
            var sums = HeadSums()
            for chunk in recording.chunks {
                sums.add(
                    chunk.layers[index / heads].attention, head: index % heads, tokens: chunk.tokens,
                    hasEarlier: hasEarlier, from: from, sinksFrom: sinksFrom)
            }
            sums.hasPairs = recording.hasPairs(layer: index / heads)
            let keys = StrongestKeys(recording, layer: index / heads, head: index % heads, from: sinksFrom)
            sums.add(keys.retrieval(ids: recording.ids, keyIDs: recording.keyIDs))
            return (sums: sums, keys: keys)
        }
        return all.enumerated().map { index, head in
            var sums = head.sums
            sums.add(
                exact.sinks(head.keys, layer: index / heads, head: index % heads, from: sinksFrom),
                queries: head.keys.queries)
            return sums
        }
    }

    /// The lens that measures: what the run measured is the run's, whatever is previewed on it.
    var measuring: Lens { basis == .exact ? self : Lens(recording: recording, threads: 0) }

    /// The keys that a head rests on, without the weights that it gives them.
    package func sinkKeys(layer: Int, head: Int) -> Set<Int> {
        guard (0..<shape.layers).contains(layer), (0..<shape.heads).contains(head) else { return [] }
        return Set(StrongestKeys(recording, layer: layer, head: head).sinks.map(\.key))
    }

    /// Of which of some heads each key is a sink.
    package func sinkHeads(layers: some Sequence<Int>, heads: some Sequence<Int>) -> [Int: SinkHeads] {
        let heads = Set(heads).sorted()
        let places = Set(layers).sorted().flatMap { layer in heads.map { (layer: layer, head: $0) } }.filter {
            (0..<shape.layers).contains($0.layer) && (0..<shape.heads).contains($0.head)
        }
        let found = workers.map(places.count) { index in
            let (layer, head) = places[index]
            let keys = StrongestKeys(recording, layer: layer, head: head)
            return (layer, head, sinks: keys.sinks.map { (key: $0.key, share: keys.share(of: $0.queries)) })
        }
        return SinkHeads.byKey(found)
    }

    /// Whether the token of each recorded place stood earlier in the text.
    static func earlierOccurrences(_ recording: Recording) -> [Bool] {
        let ids = recording.ids.prefix(recording.tokens)
        // A place a token is many times faster than a set, where tokens are numbers of a vocabulary.
        guard let lowest = ids.min(), let highest = ids.max(), lowest >= 0, highest < TokenCounts.most else {
            var seen = Set<Int32>()
            return ids.map { !seen.insert($0).inserted }
        }
        var seen = [Bool](repeating: false, count: Int(highest) + 1)
        return ids.map { id in
            defer { seen[Int(id)] = true }
            return seen[Int(id)]
        }
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
        let first = max(tokens.lowerBound, from)
        guard first < tokens.upperBound else { return }
        let start = head * tokens.count - tokens.lowerBound
        let places = start + first..<start + tokens.upperBound
        let (entropies, distances) = (summary.entropy.numbers(places), summary.distance.numbers(places))
        let (firsts, befores) = (summary.sink.numbers(places), summary.previous.numbers(places))
        for index in entropies.indices {
            let query = first + index
            entropy += Double(entropies[index])
            distance += Double(distances[index])
            if query >= sinksFrom { firstToken += Double(firsts[index]) }
            previous += Double(befores[index])
            queries += 1
            // Where there is nothing to repeat, files may hold anything.
            if hasEarlier[query] {
                induction += Double(summary.induction[start + query])
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
