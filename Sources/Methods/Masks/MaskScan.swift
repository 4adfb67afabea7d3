/// What one pass over the rows of a mask counts, or none where it is a sum of zones.
struct MaskScan {
    /// A kind of fault: how often, and where first.
    struct Tally: Equatable {
        private(set) var count = 0
        private(set) var first: (query: Int, key: Int)?

        mutating func add(_ number: Int, query: Int, key: @autoclosure () -> Int) {
            guard number > 0 else { return }
            count += number
            if first == nil { first = (query, key()) }
        }

        static func == (a: Tally, b: Tally) -> Bool {
            a.count == b.count && a.first?.query == b.first?.query && a.first?.key == b.first?.key
        }
    }

    private(set) var empty = Tally()
    private(set) var future = Tally()
    private(set) var hiddenSelf = Tally()
    /// How many other queries see a key, [key].
    private(set) var viewers: [Int]
    /// For every key, whether all later queries see nothing up to it: a document ends there.
    private(set) var ends: [Bool]

    /// Zones are made for so many queries at a time.
    private static let band = 64
    /// Of all zones the keys that are gone through for the columns.
    private static let columnLimit = 1 << 26

    /// - Parameter progress: hears now and then how many of how many queries are done.
    init(_ mask: some MaskRows, progress: ((Int, Int) -> Void)? = nil) {
        viewers = [Int](repeating: 0, count: mask.tokens + 1)
        ends = [Bool](repeating: false, count: mask.tokens)
        let hasColumns = countColumns(mask)
        var firsts = FirstKeys(mask)
        var columns = !hasColumns && mask.isScattered ? ColumnCounts(tokens: mask.tokens) : nil
        for start in stride(from: mask.queries.lowerBound, to: mask.queries.upperBound, by: Self.band) {
            let band = start..<min(start + Self.band, mask.queries.upperBound)
            let sum = hasColumns ? mask.zones(of: band) : nil
            progress?(start - mask.queries.lowerBound, mask.queries.count)
            for query in band {
                if let sum {
                    look(sum, query, mask, &firsts)
                } else if columns != nil {
                    let row = mask.bits(query)
                    look(row, query, &firsts, first: mask.queries.lowerBound)
                    columns?.add(row)
                } else {
                    look(mask.row(query), query, mask, &firsts, hasColumns)
                }
            }
        }
        if let counts = columns?.counts {
            for key in counts.indices { viewers[key] = counts[key] }
        } else if !hasColumns {
            for key in 1..<viewers.count { viewers[key] += viewers[key - 1] }
        }
        viewers.removeLast()
        // A token's own query is no other one.
        for key in viewers.indices where mask.queries.contains(key) && firsts.seesSelf[key] { viewers[key] -= 1 }
        ends = firsts.ends(tokens: mask.tokens)
    }

    /// What of a row decides where documents end.
    private struct FirstKeys {
        private let queries: Range<Int>
        var first: [Int]
        var seesSelf: [Bool]

        init(_ mask: some MaskRows) {
            queries = mask.queries
            first = [Int](repeating: .max, count: mask.queries.count)
            seesSelf = [Bool](repeating: false, count: mask.tokens)
        }

        func ends(tokens: Int) -> [Bool] {
            var ends = [Bool](repeating: false, count: tokens)
            var least = Int.max
            for query in queries.clamped(to: 0..<tokens).reversed() {
                // Behind the last token of a text there may be padding, which sees nothing.
                ends[query] = least > query && query + 1 < queries.upperBound
                least = min(least, first[query - queries.lowerBound])
            }
            return ends
        }
    }

    private mutating func look(
        _ row: KeyRanges, _ query: Int, _ mask: some MaskRows, _ firsts: inout FirstKeys, _ hasColumns: Bool
    ) {
        if row.isEmpty { empty.add(1, query: query, key: 0) }
        if let last = row.ranges.last, last.upperBound > query + 1 {
            let leaks = row.intersection(query + 1..<last.upperBound)
            future.add(leaks.count, query: query, key: leaks.ranges[0].lowerBound)
        }
        if (0..<mask.tokens).contains(query) {
            firsts.seesSelf[query] = row.contains(query)
            hiddenSelf.add(firsts.seesSelf[query] ? 0 : 1, query: query, key: query)
        }
        if let first = row.ranges.first { firsts.first[query - mask.queries.lowerBound] = first.lowerBound }
        guard !hasColumns else { return }
        for range in row.ranges {
            viewers[range.lowerBound] += 1
            viewers[range.upperBound] -= 1
        }
    }

    /// The same of bits; the columns are counted elsewhere.
    private mutating func look(_ row: KeyBits, _ query: Int, _ firsts: inout FirstKeys, first: Int) {
        let key = row.first
        if key == nil { empty.add(1, query: query, key: 0) }
        let leaks = row.after(query)
        future.add(leaks.count, query: query, key: leaks.first ?? 0)
        if (0..<row.tokens).contains(query) {
            firsts.seesSelf[query] = row.contains(query)
            hiddenSelf.add(firsts.seesSelf[query] ? 0 : 1, query: query, key: query)
        }
        if let key { firsts.first[query - first] = key }
    }

    /// The same from zones, without the row.
    private mutating func look(_ sum: ZoneSum, _ query: Int, _ mask: some MaskRows, _ firsts: inout FirstKeys) {
        func count(_ keys: Range<Int>) -> Int { sum.count(queries: query..<query + 1, keys: keys) }
        let past = count(0..<min(mask.tokens, query + 1))
        let ahead = query + 1 < mask.tokens ? count(query + 1..<mask.tokens) : 0
        if past + ahead == 0 { empty.add(1, query: query, key: 0) }
        future.add(ahead, query: query, key: mask.row(query).intersection(query + 1..<mask.tokens).ranges[0].lowerBound)
        guard query < mask.tokens else { return }
        firsts.seesSelf[query] = sum.value(query: query, key: query) > 0
        hiddenSelf.add(firsts.seesSelf[query] ? 0 : 1, query: query, key: query)
        guard past > 0 else { return }
        // The first key by bisection: the keys up to it count 1.
        var (low, high) = (0, query)
        while low < high {
            let middle = (low + high) / 2
            if count(0..<middle + 1) > 0 { high = middle } else { low = middle + 1 }
        }
        firsts.first[query - mask.queries.lowerBound] = low
    }

    /// How many queries see each key, from zones; false where there are none, or too many.
    private mutating func countColumns(_ mask: some MaskRows) -> Bool {
        guard mask.isSquare, let sum = mask.zones(of: mask.queries) else { return false }
        let parts = sum.zones.map { ($0, $0.extent) }
        guard parts.reduce(0, { $0 + $1.1.count }) <= Self.columnLimit, parts.count <= 1 << 16 else { return false }
        for (zone, extent) in parts {
            for key in extent {
                viewers[key] += zone.weight * zone.within(queries: mask.queries, keys: key..<key + 1).pairCount
            }
        }
        return true
    }
}
