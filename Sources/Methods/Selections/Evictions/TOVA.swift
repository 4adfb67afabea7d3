import RopewalkPhrases

/// A cache of fixed size from which the key with the least attention of the present query leaves.
package struct TOVACache: EvictingCache {
    package let capacity: Int
    /// Ascending.
    package private(set) var keys: [Int] = []
    /// The weight that each key had from the last query. [key]
    package private(set) var standings: [Double] = []

    package init(capacity: Int) { self.capacity = capacity }

    /// One step: `key` joins, and where there are too many the one with the lowest weight leaves; of equal ones the
    /// last. Nothing is protected, the new key neither.
    ///
    /// - Parameter weights: Mean over the heads, of the keys that were there, then of the new one.
    /// - Returns: The key that left.
    package mutating func step(key: Int, weights: [Double]) -> [Int] {
        keys.append(key)
        standings = weights
        guard keys.count > capacity else { return [] }
        var lowest = 0
        for index in keys.indices where weights[index] <= weights[lowest] { lowest = index }
        standings.remove(at: lowest)
        return [keys.remove(at: lowest)]
    }

    var protected: Int { 1 }
    static var whyGone: String { say("that token paid it the least attention") }
    static func whyKept(_ weight: Double) -> String {
        say("kept: weight \(weight.short) from the token before, averaged over the heads")
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

    package var evicts: Bool { true }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        Steps(CacheChooser(TOVACache(capacity: capacity)) { states.meanWeights(query: $0, keys: $1) })
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
