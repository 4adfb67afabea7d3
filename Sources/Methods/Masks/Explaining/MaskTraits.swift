/// What the rows of a mask have in common: numbers that a rule for it may have.
struct MaskTraits {
    private(set) var windows: [Int] = []
    private(set) var sinks: [Int] = []
    private(set) var starts: [Int] = []
    /// The same with documents of one token.
    private(set) var allStarts: [Int] = []
    private(set) var spans: [Range<Int>] = []
    private(set) var prefix: Int?
    /// Of blocks that see themselves and those before.
    private(set) var block: Int?
    private(set) var left = 0
    private(set) var right = 0
    /// Ranges of the row that has most.
    private(set) var mostRanges = 0
    /// Between keys of a row that stand apart.
    private(set) var strides: [Int] = []

    /// As many as a method takes.
    private static let largestList = ListDescription.limit
    private static let mostSpans = 512

    init(_ mask: some MaskRows) {
        let rows = mask.queries.map { ($0, mask.row($0)) }
        findPadding(rows, tokens: mask.tokens)
        findWindows(rows)
        findStarts(rows)
        findSpans(rows)
        block = Self.block(rows, tokens: mask.tokens)
        mostRanges = rows.map(\.1.ranges.count).max() ?? 0
    }

    private mutating func findPadding(_ rows: [(Int, KeyRanges)], tokens: Int) {
        let first = rows.lazy.compactMap { $1.ranges.first?.lowerBound }.min() ?? 0
        let last = rows.lazy.compactMap { $1.ranges.last?.upperBound }.max() ?? tokens
        left = first
        right = tokens - last
    }

    /// The commonest of some numbers.
    private static func commonest(_ numbers: [Int], _ count: Int) -> [Int] {
        var counts: [Int: Int] = [:]
        for number in numbers { counts[number, default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map(\.key)
    }

    private mutating func findWindows(_ rows: [(Int, KeyRanges)]) {
        var lengths: [Int] = []
        var firsts: [Int] = []
        var steps: [Int] = []
        for (query, row) in rows {
            guard let own = row.ranges.last(where: { $0.lowerBound <= query }) else { continue }
            if own.contains(query), own.lowerBound > left { lengths.append(query + 1 - own.lowerBound) }
            if let first = row.ranges.first, first.lowerBound == left, first.upperBound <= query {
                firsts.append(first.upperBound)
            }
            for (a, b) in zip(row.ranges, row.ranges.dropFirst()).prefix(8) {
                steps.append(b.lowerBound - a.lowerBound)
            }
        }
        windows = Self.commonest(lengths, 3)
        sinks = Self.commonest(firsts, 2)
        strides = Self.commonest(steps, 2)
    }

    /// A document begins where a row begins with its own token and the next rows begin there too.
    private mutating func findStarts(_ rows: [(Int, KeyRanges)]) {
        var own: [Int: Int] = [:]
        for (query, row) in rows {
            guard let first = row.ranges.first?.lowerBound else { continue }
            if first == query { own[first, default: 0] += 1 } else if own[first] != nil { own[first, default: 0] += 1 }
        }
        // Of documents that see both ways the first token is the first key of its row too.
        // The last query may be a document of its own.
        let last = rows.last?.0
        starts = own.filter { ($0.value > 1 || $0.key == last) && $0.key > left }.keys.sorted()
        allStarts = own.keys.filter { $0 > left }.sorted()
        if starts.count > Self.largestList { starts = [] }
        if allStarts.count > Self.largestList { allStarts = [] }
    }

    private mutating func findSpans(_ rows: [(Int, KeyRanges)]) {
        var end = Int.min
        for (query, row) in rows {
            guard let own = row.ranges.first(where: { $0.contains(query) }), own.upperBound > query + 1 else {
                continue
            }
            if query >= end { spans.append(query..<own.upperBound) }
            end = max(end, own.upperBound)
            spans[spans.count - 1] = spans[spans.count - 1].lowerBound..<end
        }
        if spans.count > Self.mostSpans { spans = [] }
        let uppers = rows.compactMap { query, row in
            row.ranges.first.flatMap { $0.contains(query) && $0.upperBound > query + 1 ? $0.upperBound : nil }
        }
        prefix = Self.commonest(uppers, 1).first
    }

    private static func block(_ rows: [(Int, KeyRanges)], tokens: Int) -> Int? {
        guard let (query, row) = rows.first, query == 0, let size = row.ranges.first?.upperBound, size > 1 else {
            return nil
        }
        let fits = rows.allSatisfy { query, row in
            row.ranges.last.map { $0.upperBound == min(tokens, (query / size + 1) * size) } ?? true
        }
        return fits && size < tokens ? size : nil
    }

    /// The length of all documents, where they have one, and where the first of them begins, before its text perhaps.
    var chunk: (size: Int, start: Int)? {
        guard let first = starts.first, first > 0 else { return nil }
        if starts.enumerated().allSatisfy({ $1 == ($0 + 1) * first }) { return (first, 0) }
        guard starts.count > 1 else { return nil }
        let size = starts[1] - first
        let isEven = zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 == size }
        return isEven && first <= size + left ? (size, first % size) : nil
    }
}
