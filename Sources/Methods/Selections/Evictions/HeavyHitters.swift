import RopewalkPhrases

/// A cache that keeps the last keys and those that have received the most attention.
package struct HeavyHitterCache: EvictingCache {
    package let heavy: Int
    package let recent: Int
    /// Ascending.
    package private(set) var keys: [Int] = []
    /// The attention that each key has received so far. [key]
    package private(set) var scores: [Double] = []

    package init(heavy: Int, recent: Int) {
        self.heavy = heavy
        self.recent = recent
    }

    /// One step: `key` joins, every key takes its weight, and one leaves where there are too many; of equal ones the
    /// last.
    ///
    /// - Parameter weights: Of the keys that were there, then of the new one; they sum to 1.
    /// - Returns: The key that left.
    package mutating func step(key: Int, weights: [Double]) -> [Int] {
        keys.append(key)
        scores.append(0)
        for (index, weight) in zip(scores.indices, weights) { scores[index] += weight }
        guard keys.count > heavy + recent else { return [] }
        var lowest = 0
        for index in 0..<keys.count - recent where scores[index] <= scores[lowest] { lowest = index }
        scores.remove(at: lowest)
        return [keys.remove(at: lowest)]
    }

    var protected: Int { recent + 1 }
    static var whyGone: String { say("it had received the least attention") }
    var standings: [Double] { scores }
    static func whyKept(_ score: Double) -> String {
        say("kept as heavy hitter: \(score.short) of attention received so far")
    }
}

/// Keeps the keys that have received the most attention, and the last ones.
package struct HeavyHitters: StateSelection, Equatable {
    package static let description = MethodDescription(
        name: "h2o", family: .selection, title: "H2O heavy hitters",
        summary:
            "Each head's cache keeps the last keys and those to which its queries have paid the most attention so far; what "
            + "leaves the cache is lost. Every token is a step: read, add the weights, evict.",
        source: "Zhang et al., H2O, 2023 (arXiv 2306.14048); half heavy, half recent there, the sizes are ours",
        parameters: [
            .count("heavy", "keys kept for the attention they have received", default: 256, from: 0),
            .count("recent", "last keys kept", default: 256),
        ],
        flops: "4·N·(heavy + recent)·d a head", memory: "2·(heavy + recent)·d numbers a head")

    package let heavy: Int
    package let recent: Int

    package init(heavy: Int, recent: Int) {
        self.heavy = heavy
        self.recent = recent
    }

    package init(values: [Double]) { self.init(heavy: Int(values[0]), recent: Int(values[1])) }
    package var values: [Double] { [Double(heavy), Double(recent)] }

    package var evicts: Bool { true }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        evicting(HeavyHitterCache(heavy: heavy, recent: recent), head: place.head, states: states)
    }
}
