import RopewalkPhrases

/// A cache from which, when it is full, the keys leave that have most often received less than their share.
package struct ScissorhandsCache: EvictingCache {
    private let method: Scissorhands
    /// Ascending.
    package private(set) var keys: [Int] = []
    /// Steps since each key joined, at most the history. [key]
    private var seen: [Int] = []
    /// How many of those gave it its share or more. [key]
    private var shares: [Int] = []
    /// The keys that had their share, of the last steps, as a ring.
    private var steps: [[Int]] = []
    private var next = 0

    package init(_ method: Scissorhands) { self.method = method }

    package mutating func step(key: Int, weights: [Double]) -> [Int] {
        insert(key)
        observe(weights)
        return keys.count >= method.buffer ? drop(method.drop) : []
    }

    var protected: Int { method.recent }
    static var whyGone: String { say("it had received less than its share most often") }
    var standings: [Double] { lowCounts.map(Double.init) }
    static func whyKept(_ count: Double) -> String {
        say("kept: less than its share of attention in \(Int(count).grouped) of the last steps")
    }

    package mutating func insert(_ key: Int) {
        keys.append(key)
        seen.append(0)
        shares.append(0)
    }

    /// Takes in the weights of one query: a key's share is 1/t with t keys in the cache. [key]
    package mutating func observe(_ weights: [Double]) {
        let share = 1 / Double(max(1, keys.count))
        let sharers = zip(keys, weights).filter { $1 >= share }.map(\.0)
        for index in keys.indices {
            seen[index] = min(method.history, seen[index] + 1)
            if weights[index] >= share { shares[index] += 1 }
        }
        if steps.count < method.history {
            steps.append(sharers)
            return
        }
        for key in steps[next] {
            if let index = keys.ascendingIndex(of: key) { shares[index] -= 1 }
        }
        steps[next] = sharers
        next = (next + 1) % method.history
    }

    /// How often each key received less than its share in the steps that count. [key]
    package var lowCounts: [Int] { zip(seen, shares).map { $0 - $1 } }

    /// Drops keys with the highest counts, of equal ones the first; the last ones stay.
    ///
    /// - Returns: The keys that left, ascending.
    package mutating func drop(_ count: Int) -> [Int] {
        let counts = Array(standings.dropLast(method.recent))
        let places = HighestScores.indices(count, of: counts)
        let dropped = places.map { keys[$0] }
        for place in places.reversed() {
            keys.remove(at: place)
            seen.remove(at: place)
            shares.remove(at: place)
        }
        return dropped
    }
}

/// Drops, whenever the cache is full, the keys that have most often received little attention.
package struct Scissorhands: StateSelection, Equatable {
    package static let description = MethodDescription(
        name: "scissorhands", family: .selection, title: "Scissorhands",
        summary:
            "Whenever a head's cache is full, the keys leave it that have most often received less than an equal share of "
            + "the attention over the last steps; the last keys stay. Every token is a step.",
        source:
            "Liu et al., Scissorhands, 2023 (arXiv 2305.17118), drops half of the buffer; recent 10 and history 400 "
            + "after a later implementation, the buffer is ours",
        parameters: [
            .count("buffer", "keys that the cache holds, the query's own included", default: 1024, from: 2),
            .count("drop", "keys that leave a full cache", default: 512),
            .count("recent", "last keys that stay", default: 10, from: 1),
            .count("history", "steps whose attention counts", unit: "steps", default: 400),
        ],
        flops: "4·N·buffer·d a head, at most", memory: "2·buffer·d numbers a head")

    package let buffer: Int
    package let drop: Int
    package let recent: Int
    package let history: Int

    package init(buffer: Int, drop: Int, recent: Int, history: Int) {
        self.buffer = buffer
        self.drop = drop
        self.recent = recent
        self.history = history
    }

    package init(values: [Double]) {
        self.init(
            buffer: Int(values[0]), drop: Int(values[1]), recent: Int(values[2]), history: Int(values[3]))
    }
    package var values: [Double] { [buffer, drop, recent, history].map(Double.init) }

    package var contradiction: String? {
        drop + recent > buffer
            ? say("drop \(drop.grouped) and recent \(recent.grouped) are more than buffer \(buffer.grouped)") : nil
    }

    package var evicts: Bool { true }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        evicting(ScissorhandsCache(self), head: place.head, states: states)
    }
}
