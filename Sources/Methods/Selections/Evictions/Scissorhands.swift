/// A cache from which, when it is full, the keys leave that have most often received less than their share.
package struct ScissorhandsCache: Sendable {
    /// Steps that count.
    package let history: Int
    /// Last keys that never leave.
    package let recent: Int
    /// Ascending.
    package private(set) var keys: [Int] = []
    /// Steps since each key joined, at most `history`. [key]
    private var seen: [Int] = []
    /// How many of those gave it its share or more. [key]
    private var shares: [Int] = []
    /// The keys that had their share, of the last steps, as a ring.
    private var steps: [[Int]] = []
    private var next = 0

    package init(history: Int, recent: Int) {
        self.history = history
        self.recent = recent
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
            seen[index] = min(history, seen[index] + 1)
            if weights[index] >= share { shares[index] += 1 }
        }
        if steps.count < history {
            steps.append(sharers)
            return
        }
        for key in steps[next] {
            if let index = index(of: key) { shares[index] -= 1 }
        }
        steps[next] = sharers
        next = (next + 1) % history
    }

    /// How often each key received less than its share in the steps that count. [key]
    package var lowCounts: [Int] { zip(seen, shares).map { $0 - $1 } }

    /// Drops keys with the highest counts, of equal ones the first; the last `recent` stay.
    ///
    /// - Returns: The keys that left, ascending.
    package mutating func drop(_ count: Int) -> [Int] {
        let counts = lowCounts.dropLast(recent).map(Double.init)
        let places = HighestScores.indices(count, of: counts)
        let dropped = places.map { keys[$0] }
        for place in places.reversed() {
            keys.remove(at: place)
            seen.remove(at: place)
            shares.remove(at: place)
        }
        return dropped
    }

    private func index(of key: Int) -> Int? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low : nil
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
            ? "drop \(drop.grouped) and recent \(recent.grouped) are more than buffer \(buffer.grouped)" : nil
    }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        Steps(ScissorhandsChooser(method: self, place: place, states: states))
    }
}

private struct ScissorhandsChooser: QueryChooser {
    private let method: Scissorhands
    private let place: HeadPlace
    private let states: any LayerStates
    private var cache: ScissorhandsCache
    private var log = EvictionLog()

    init(method: Scissorhands, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        cache = ScissorhandsCache(history: method.history, recent: method.recent)
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let log = log
        let cached = cache.keys
        let counts = cache.lowCounts
        cache.insert(query)
        let visible = KeyRanges(ascending: cache.keys)
        cache.observe(softmax(states.scores(query: query, head: place.head, keys: visible)))
        if cache.keys.count >= method.buffer {
            for key in cache.drop(method.drop) { self.log.evict(key, at: query) }
        }
        let recent = method.recent
        return KeyChoice(query: query, keys: visible) { key in
            if query - key < recent { return .inWindow(query: query, key: key, window: recent) }
            if let step = log[key] {
                return .evicted(at: step, of: query, because: "it had received less than its share most often")
            }
            let count = cached.firstIndex(of: key).map { counts[$0].grouped } ?? ""
            return VisibilityReason(.selected, "kept: less than its share of attention in \(count) of the last steps")
        }
    }
}
