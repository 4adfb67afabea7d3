import RopewalkModels

/// The strongest key of every recorded query of a head, and what follows from them: the head's sinks, and how often it
/// looks at the token that comes next.
struct StrongestKeys {
    /// A key is a sink if it is the strongest of one query in so many.
    private static let sinkEvery = 20
    /// Fewer queries than this make no sink, however short the text.
    private static let fewestQueries = 3

    /// [query − `from`]; −1 where a query sees nothing.
    private let keys: [Int32]
    private let from: Int
    /// The sinks, those of most queries first, and the queries of each.
    let sinks: [(key: Int, queries: Int)]

    init(_ recording: Recording, layer: Int, head: Int, from: Int = 0) {
        var keys: [Int32] = []
        keys.reserveCapacity(max(0, recording.tokens - from))
        for chunk in recording.chunks where chunk.tokens.upperBound > from {
            let first = head * chunk.tokens.count
            keys += chunk.layers[layer].attention.topKey.numbers(
                first + max(0, from - chunk.tokens.lowerBound)..<first + chunk.tokens.count)
        }
        self.keys = keys
        self.from = from
        let fewest = max(Self.fewestQueries, (keys.count + Self.sinkEvery - 1) / Self.sinkEvery)
        var counts = TokenCounts(upTo: recording.keyTokens - 1)
        for key in keys where key >= 0 { counts.add(key) }
        sinks = counts.numbers(occurring: fewest).map { (key: Int($0.number), queries: $0.count) }
            .sorted { ($1.queries, $0.key) < ($0.queries, $1.key) }
    }

    /// One of the sinks with its weight, which is given summed over all queries.
    func sink(_ sink: (key: Int, queries: Int), weight: Double) -> HeadScore.Sink {
        HeadScore.Sink(key: sink.key, share: share(of: sink.queries), weight: Float(weight / Double(queries)))
    }

    /// The share of all queries.
    func share(of count: Int) -> Float { Float(Double(count) / Double(queries)) }

    var queries: Int { keys.count }

    /// Hits above chance, and the queries with a next token.
    ///
    /// A hit is a query whose strongest key is no sink and holds the token that comes next. Chance is how many there would
    /// be if the same keys met the next tokens of the text in random order: Σ over tokens t of (strongest keys, no sinks,
    /// that hold t) · (next tokens that are t) / queries.
    func retrieval(ids: [Int32], keyIDs: [Int32]) -> (excess: Double, queries: Int) {
        let places = Set(sinks.map(\.key))
        var (hits, queries) = (0, 0)
        let highest = Int(max(ids.max() ?? 0, keyIDs.max() ?? 0))
        var (held, next) = (TokenCounts(upTo: highest), TokenCounts(upTo: highest))
        for (index, key) in keys.enumerated() where key >= 0 && from + index + 1 < ids.count {
            let follower = ids[from + index + 1]
            queries += 1
            next.add(follower)
            guard !places.contains(Int(key)) else { continue }
            let token = keyIDs[Int(key)]
            hits += token == follower ? 1 : 0
            held.add(token)
        }
        let pairs = held.product(next)
        return (Double(hits) - (queries > 0 ? Double(pairs) / Double(queries) : 0), queries)
    }
}

extension Lens {
    /// A head's sinks with the weight that each has, mean over the recorded queries from `from` on; `keys` are of those.
    func sinks(_ keys: StrongestKeys, layer: Int, head: Int, from: Int = 0) -> [HeadScore.Sink] {
        keys.sinks.map { keys.sink($0, weight: weight(of: $0.key, layer: layer, head: head, from: from)) }
    }

    /// The weight of a key, summed over the recorded queries from `from` on.
    private func weight(of key: Int, layer: Int, head: Int, from: Int) -> Double {
        guard key > 0 else { return weightOfFirst(layer: layer, head: head, from: from) }
        guard let (first, weights) = column(layer: layer, head: head, key: key) else { return 0 }
        return weights.dropFirst(max(0, from - first)).reduce(0) { $0 + Double($1) }
    }

    /// That of the first token, which runs measure on their way.
    func weightOfFirst(layer: Int, head: Int, from: Int) -> Double {
        recording.chunks.reduce(0) { sum, chunk in
            let start = head * chunk.tokens.count
            let weights = chunk.layers[layer].attention.sink.numbers(start..<start + chunk.tokens.count)
            return weights.dropFirst(max(0, from - chunk.tokens.lowerBound)).reduce(sum) { $0 + Double($1) }
        }
    }
}
