/// A cache of fixed size from which the key with the least attention of the present query leaves.
package struct TOVACache: Sendable {
    package let capacity: Int
    /// Ascending.
    package private(set) var keys: [Int] = []

    package init(capacity: Int) { self.capacity = capacity }

    /// One step: `key` joins, and where there are too many the one with the lowest weight leaves; of equal ones the
    /// last. Nothing is protected, the new key neither.
    ///
    /// - Parameter weights: Mean over the heads, of the keys that were there, then of the new one.
    /// - Returns: The key that left.
    package mutating func step(key: Int, weights: [Double]) -> Int? {
        keys.append(key)
        guard keys.count > capacity else { return nil }
        var lowest = 0
        for index in keys.indices where weights[index] <= weights[lowest] { lowest = index }
        return keys.remove(at: lowest)
    }
}

/// Evicts the key that the present query attends to least.
package struct TOVA: StateSelection, Equatable {
    package static let description = MethodDescription(
        name: "tova", family: .selection, title: "TOVA, token omission via attention",
        summary:
            "After every token the key to which it paid the least attention, averaged over the heads of the layer, leaves "
            + "the layer's cache for good; neither first nor last keys are protected. Every token is a step.",
        source: "Oren et al., Transformers are Multi-State RNNs, 2024 (arXiv 2401.06104), caches of 256 to 1,024 there",
        parameters: [.count("capacity", "keys that the cache holds", default: 512)],
        flops: "4·N·capacity·d a head", memory: "2·capacity·d numbers a key/value head")

    package let capacity: Int

    package init(capacity: Int) { self.capacity = capacity }
    package init(values: [Double]) { self.init(capacity: Int(values[0])) }
    package var values: [Double] { [Double(capacity)] }

    package var sharing: HeadSharing { .layer }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        Steps(TOVAChooser(states: states, cache: TOVACache(capacity: capacity)))
    }
}

private struct TOVAChooser: QueryChooser {
    let states: any LayerStates
    var cache: TOVACache
    /// The weight that each cached key had from the query before. [key]
    var lastWeights: [Double] = []
    var log = EvictionLog()

    init(states: any LayerStates, cache: TOVACache) {
        self.states = states
        self.cache = cache
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let cached = cache.keys
        let before = lastWeights
        let log = log
        let visible = KeyRanges(ascending: cached + [query])
        lastWeights = states.meanWeights(query: query, keys: visible)
        if let evicted = cache.step(key: query, weights: lastWeights) {
            self.log.evict(evicted, at: query)
            let place = cached.firstIndex(of: evicted) ?? cached.count
            lastWeights.remove(at: place)
        }
        return KeyChoice(query: query, keys: visible) { key in
            if key == query { return .inWindow(query: query, key: key, window: 1) }
            if let step = log[key] {
                return .evicted(at: step, of: query, because: "that token paid it the least attention")
            }
            let weight = cached.firstIndex(of: key).map { before[$0].short } ?? ""
            return VisibilityReason(.selected, "kept: weight \(weight) from the token before, averaged over the heads")
        }
    }
}

extension LayerStates {
    /// Softmax weights of a query on some keys, averaged over all heads. [keys.count]
    func meanWeights(query: Int, keys: KeyRanges) -> [Double] {
        var sum = [Double](repeating: 0, count: keys.count)
        for head in 0..<heads {
            let weights = softmax(scores(query: query, head: head, keys: keys))
            for (index, weight) in zip(sum.indices, weights) { sum[index] += weight }
        }
        return sum.map { $0 / Double(max(1, heads)) }
    }
}
