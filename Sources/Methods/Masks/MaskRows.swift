/// A mask as rows of key ranges: never tokens × tokens numbers.
package protocol MaskRows: Sendable {
    /// How many keys there are; mostly as many as queries.
    var tokens: Int { get }
    /// The queries, by their places among the keys: those of a decoding step stand at the end of a cache.
    var queries: Range<Int> { get }
    /// The keys that `query` may see, all in `0..<tokens`.
    func row(_ query: Int) -> KeyRanges
    /// The same as bits.
    func bits(_ query: Int) -> KeyBits
    /// The mask of some queries as a sum of zones; nil where there is none of a sensible size.
    func zones(of queries: Range<Int>) -> ZoneSum?
}

extension MaskRows {
    package var queries: Range<Int> { 0..<tokens }
    package var isSquare: Bool { queries == 0..<tokens }

    package func zones(of queries: Range<Int>) -> ZoneSum? { nil }

    package func bits(_ query: Int) -> KeyBits { KeyBits(row(query), tokens: tokens) }

    /// Whether some row has so many ranges that bits are worked on faster.
    var isScattered: Bool {
        let places = (1...4).map { queries.lowerBound + (queries.count - 1) * $0 / 4 }
        return !queries.isEmpty && places.contains { row($0).ranges.count > max(16, tokens / 512) }
    }

    package func allows(query: Int, key: Int) -> Bool { row(query).contains(key) }

    /// How many pairs of query and key are allowed.
    package var allowedCount: Int { count(queries: queries, keys: 0..<tokens) }

    /// How many pairs of some queries and keys are allowed: from zones, or by a pass over the queries.
    package func count(queries: Range<Int>, keys: Range<Int>) -> Int {
        let queries = queries.clamped(to: self.queries)
        let keys = keys.clamped(to: 0..<tokens)
        var count = 0
        // In parts, so that few zones are there at a time.
        for start in stride(from: queries.lowerBound, to: queries.upperBound, by: 8192) {
            let part = start..<min(start + 8192, queries.upperBound)
            if let sum = zones(of: part) {
                count += sum.count(queries: part, keys: keys)
            } else {
                count += part.reduce(0) { $0 + row($1).count(in: keys) }
            }
        }
        return count
    }

    /// Allowed pairs as a share of all pairs, tokens × tokens where there are as many queries as keys.
    package var density: Double { Self.share(allowedCount, of: queries.count * tokens) }

    /// Allowed pairs as a share of the causal triangle, tokens × (tokens + 1) / 2; above 1 where a mask sees the future.
    package var causalDensity: Double {
        Self.share(
            allowedCount, of: Zone(queries: queries, keys: 0..<tokens, distances: Zone.distances(from: 0)).pairCount)
    }

    /// The share of allowed pairs in a block; what lies outside of the mask does not count.
    package func blockDensity(queries: Range<Int>, keys: Range<Int>) -> Double {
        let queries = queries.clamped(to: self.queries)
        let keys = keys.clamped(to: 0..<tokens)
        return Self.share(count(queries: queries, keys: keys), of: queries.count * keys.count)
    }

    static func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }
}

/// How many keys of many rows fell into each of some equal blocks of keys.
struct BlockCounts {
    let keys: Range<Int>
    let columns: Int
    /// Keys of ranges that cover a block in part, by block.
    private var partial: [Int]
    /// Ranges that cover a block whole, as differences from block to block.
    private var whole: [Int]

    init(keys: Range<Int>, columns: Int) {
        self.keys = keys
        self.columns = columns
        partial = Array(repeating: 0, count: columns)
        whole = Array(repeating: 0, count: columns + 1)
    }

    private func edge(_ column: Int) -> Int { column * keys.count / columns }
    private func column(_ offset: Int) -> Int { ((offset + 1) * columns - 1) / keys.count }

    mutating func add(_ row: KeyRanges) {
        for range in row.ranges {
            let part = range.clamped(to: keys)
            guard !part.isEmpty else { continue }
            let (start, end) = (part.lowerBound - keys.lowerBound, part.upperBound - keys.lowerBound)
            let (first, last) = (column(start), column(end - 1))
            if first == last {
                partial[first] += end - start
            } else {
                partial[first] += edge(first + 1) - start
                partial[last] += end - edge(last)
                whole[first + 1] += 1
                whole[last] -= 1
            }
        }
    }

    func densities(rows: Int) -> [Double] {
        var covering = 0
        return (0..<columns).map { column in
            covering += whole[column]
            let width = edge(column + 1) - edge(column)
            guard rows * width > 0 else { return 0 }
            return Double(partial[column] + covering * width) / Double(rows * width)
        }
    }
}
