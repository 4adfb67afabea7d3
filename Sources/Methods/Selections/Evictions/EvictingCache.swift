import RopewalkPhrases

/// The keys that a head's cache holds while it takes in one query after the other; what leaves it is lost.
protocol EvictingCache: Sendable {
    /// Ascending.
    var keys: [Int] { get }
    /// The last keys that a query sees in any case, its own included.
    var protected: Int { get }
    /// Why keys leave: "it had received the least attention".
    static var whyGone: String { get }
    /// One step: `key` joins, and some leave.
    ///
    /// - Parameter weights: Of the query on the keys that were there, then on its own; they sum to 1.
    /// - Returns: The keys that left, ascending.
    mutating func step(key: Int, weights: [Double]) -> [Int]
    /// What decides which keys stay. [keys.count]
    var standings: [Double] { get }
    /// Why the next query finds a key of that standing.
    static func whyKept(_ standing: Double) -> String
}

/// Lets every query read what the cache holds, and the cache take in what the query made of it.
struct CacheChooser<Cache: EvictingCache>: QueryChooser {
    private var cache: Cache
    private var log = EvictionLog()
    /// How much of its attention a query pays to each of some keys. [keys.count]
    private let weights: (_ query: Int, _ keys: KeyRanges) -> [Double]

    init(_ cache: Cache, weights: @escaping (_ query: Int, _ keys: KeyRanges) -> [Double]) {
        self.cache = cache
        self.weights = weights
    }

    mutating func choice(for query: Int) -> KeyChoice {
        // Not the cache itself: copying what it has besides would cost every step.
        let (cached, standings, protected) = (cache.keys, cache.standings, cache.protected)
        let log = log
        let visible = KeyRanges(ascending: cached + [query])
        for key in cache.step(key: query, weights: weights(query, visible)) { self.log.evict(key, at: query) }
        return KeyChoice(query: query, keys: visible) { key in
            if query - key < protected { return .inWindow(query: query, key: key, window: protected) }
            if let step = log[key] { return .evicted(at: step, of: query, because: Cache.whyGone) }
            return VisibilityReason(
                .selected, cached.ascendingIndex(of: key).map { Cache.whyKept(standings[$0]) } ?? say("kept"))
        }
    }
}

extension StateSelection {
    /// A selector for a head whose cache sees the attention of that head alone.
    func evicting(_ cache: some EvictingCache, head: Int, states: any LayerStates) -> any KeySelector {
        Steps(CacheChooser(cache) { softmax(states.scores(query: $0, head: head, keys: $1)) })
    }
}
