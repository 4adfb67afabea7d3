/// What the keys of a text receive in all from its queries, in some heads together, as far as it is worked out: queries that
/// are evenly spread, and in the end all of them.
package struct ReceivedAttention: Equatable, Sendable {
    package let layers: [Int]
    package let heads: [Int]
    /// Recorded queries.
    package let queries: Int
    /// Queries that count.
    package private(set) var done = 0
    /// Sums over the queries that count and the heads. [key]
    private var sums: [Float]
    /// How many of the queries that count could see the key but for masks. [key]
    private var seen: [Int32]
    package private(set) var isMissing = false
    // Of the queries that are worked on: those of the heads before are in `pending`.
    private var pending: [Float]
    private var head = 0

    package init(layers: [Int], heads: [Int], queries: Int, keys: Int) {
        self.layers = layers
        self.heads = heads
        self.queries = queries
        sums = Array(repeating: 0, count: keys)
        seen = Array(repeating: 0, count: keys)
        pending = sums
        if layers.isEmpty || heads.isEmpty { isMissing = true }
    }

    package var isComplete: Bool { isMissing || done == queries }

    /// There is nobody to ask.
    package mutating func miss() { isMissing = true }

    private var headCount: Int { layers.count * heads.count }

    /// Of all attention, what falls on a key: the mean over queries and heads of its weight, 0 to 1. [key]
    package var shares: [Float] { sums.map { $0 / Float(max(1, done * headCount)) } }

    /// The mean over the queries that could see the key; 0 where none of those that count could. [key]
    package var means: [Float] { zip(sums, seen).map { $1 > 0 ? $0 / Float(Int($1) * headCount) : 0 } }

    /// Evenly spread at any time: steps of about the golden ratio that meet every query once.
    private var stride: Int {
        var stride = max(1, Int(Double(queries) * 0.618_033_988_75))
        while Self.divisor(stride, queries) != 1 { stride += 1 }
        return stride
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }

    /// Pairs of a query and a key that a step works on: some ten milliseconds.
    private static let pairsOfStep = 1 << 18

    /// The queries that the next step is about, and in which head.
    fileprivate func next(keys: Int) -> (layer: Int, head: Int, queries: [Int]) {
        // The first queries are few, so that something is soon known of all heads.
        let count = min(queries - done, max(1, min(64, Self.pairsOfStep / max(1, keys), done)))
        let stride = stride
        return (
            layers[head / heads.count], heads[head % heads.count],
            (done..<done + count).map { $0 * stride % queries }
        )
    }

    /// - Parameter rows: of the queries of `next`
    fileprivate mutating func add(_ rows: [AttentionRow], of count: Int) {
        guard rows.count == count else { return isMissing = true }
        for row in rows {
            for (key, weight) in row.weights.enumerated() where key < pending.count { pending[key] += weight }
        }
        head += 1
        guard head == headCount else { return }
        head = 0
        done += count
        for key in sums.indices { sums[key] += pending[key] }
        for row in rows where !row.weights.isEmpty {
            for key in 0..<min(row.weights.count, seen.count) { seen[key] += 1 }
        }
        pending = Array(repeating: 0, count: pending.count)
    }
}

extension Lens {
    /// Nothing is known yet.
    package func receivedAttention(layers: [Int], heads: [Int]) -> ReceivedAttention {
        ReceivedAttention(layers: layers, heads: heads, queries: recording.tokens, keys: recording.keyTokens)
    }

    /// Adds some more queries of a head.
    package func extend(_ received: inout ReceivedAttention) {
        guard !received.isComplete else { return }
        let next = received.next(keys: recording.keyTokens)
        received.add(rows(layer: next.layer, head: next.head, queries: next.queries), of: next.queries.count)
    }
}
