import RopewalkPhrases

/// Drafts of speculative decoding: each sees the text, itself, and the drafts that it continues.
struct DraftTree: MaskRows {
    let tokens: Int
    let queries: Range<Int>
    /// The first draft.
    private let start: Int
    /// Of every draft the one that it continues; the last token of the text where it continues none.
    private let parents: [Int]
    /// Of every draft those that it sees, itself included.
    private let lines: [KeyRanges]

    private static let largest = 64

    /// Nil where the last queries of a mask are no tree but in a few pairs.
    init?(_ mask: some MaskRows) {
        tokens = mask.tokens
        queries = mask.queries
        guard mask.queries.upperBound == mask.tokens, mask.queries.count <= 1 << 16,
            let start = Self.start(mask), (2...Self.largest).contains(mask.tokens - start)
        else { return nil }
        var parents: [Int] = []
        var lines: [KeyRanges] = []
        for query in start..<mask.tokens {
            let seen = mask.row(query).intersection(start..<query)
            let parent = seen.ranges.last.map { $0.upperBound - 1 } ?? start - 1
            parents.append(parent)
            let line = parent < start ? KeyRanges() : lines[parent - start]
            lines.append(line.union(KeyRanges(query..<query + 1)))
        }
        (self.start, self.parents, self.lines) = (start, parents, lines)
        // A line of drafts is plainly causal.
        guard zip(parents, start...).contains(where: { $0 != $1 - 1 }) else { return nil }
    }

    /// Up to here every query sees all before it; the next ones see that too, and not all that follows.
    private static func start(_ mask: some MaskRows) -> Int? {
        var start = mask.tokens
        var strays = 0
        for query in mask.queries {
            let row = mask.row(query)
            guard row.contains(query), let first = row.ranges.first, row.ranges.last?.upperBound == query + 1 else {
                return nil
            }
            // A draft that does not see the text departs from the tree.
            guard first.lowerBound == 0 else {
                strays += 1
                guard 4 * strays <= mask.queries.count else { return nil }
                continue
            }
            if first.upperBound <= query { start = min(start, first.upperBound) }
        }
        return start < mask.tokens && mask.queries.lowerBound <= start && start > 0 ? start : nil
    }

    func row(_ query: Int) -> KeyRanges {
        guard query >= start else { return KeyRanges(from: 0, to: query + 1) }
        return KeyRanges(0..<start).union(lines[query - start])
    }

    var cost: Int { 10 + parents.count }

    var specs: [String] {
        let text = ["k < \(start) && k <= q", "k == q"]
        let drafts = zip(start..., lines).compactMap { query, line -> String? in
            let others = line.subtracting(KeyRanges(query..<query + 1)).ranges.map { range in
                range.count == 1
                    ? "k == \(range.lowerBound)" : "k >= \(range.lowerBound) && k < \(range.upperBound)"
            }
            return others.isEmpty ? nil : "q == \(query) && (\(others.joined(separator: " || ")))"
        }
        return ["expr:" + (text + drafts).joined(separator: " || ")]
    }

    private var shownParents: String { parents.map { $0.grouped }.joined(separator: "/") }

    var note: String {
        say("a tree of \(parents.count.grouped) drafts from \(start.grouped) on that continue \(shownParents)")
    }
}
