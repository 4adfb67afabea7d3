/// Key indices as sorted, disjoint, non-empty half-open ranges.
public struct KeyRanges: Hashable, Sendable {
    /// Sorted, apart from each other and not empty.
    public private(set) var ranges: [Range<Int>]

    /// Ranges in any order; empty ones are dropped, touching and overlapping ones joined.
    package init(_ ranges: [Range<Int>] = []) {
        let sorted = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        self.ranges = []
        self.ranges.reserveCapacity(sorted.count)
        for range in sorted {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound {
                self.ranges[self.ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    package init(_ range: Range<Int>) {
        ranges = range.isEmpty ? [] : [range]
    }

    /// The keys from `lower` up to but without `upper`; none where that is empty.
    package init(from lower: Int, to upper: Int) {
        ranges = lower < upper ? [lower..<upper] : []
    }

    /// Ranges that are already sorted, disjoint, apart and not empty.
    init(canonical ranges: [Range<Int>]) {
        self.ranges = ranges
    }

    /// How many keys they hold.
    public var count: Int { ranges.reduce(0) { $0 + $1.count } }
    /// Whether they hold no key.
    public var isEmpty: Bool { ranges.isEmpty }

    /// Whether `key` is one of them; by bisection.
    public func contains(_ key: Int) -> Bool {
        let index = firstIndex(endingAfter: key)
        return index < ranges.count && ranges[index].lowerBound <= key
    }

    /// The first range that holds or follows `key`.
    private func firstIndex(endingAfter key: Int) -> Int { ranges.partitionPoint { $0.upperBound > key } }

    package func intersection(_ other: KeyRanges) -> KeyRanges {
        var result: [Range<Int>] = []
        var i = 0
        var j = 0
        while i < ranges.count, j < other.ranges.count {
            let (a, b) = (ranges[i], other.ranges[j])
            let common = a.clamped(to: b)
            if !common.isEmpty { result.append(common) }
            if a.upperBound < b.upperBound { i += 1 } else { j += 1 }
        }
        return KeyRanges(canonical: result)
    }

    package func intersection(_ range: Range<Int>) -> KeyRanges { intersection(KeyRanges(range)) }

    /// The keys that are not among `other`.
    package func subtracting(_ other: KeyRanges) -> KeyRanges {
        var result: [Range<Int>] = []
        for range in ranges {
            var start = range.lowerBound
            var index = other.firstIndex(endingAfter: start)
            while index < other.ranges.count, other.ranges[index].lowerBound < range.upperBound {
                let hole = other.ranges[index]
                if start < hole.lowerBound { result.append(start..<hole.lowerBound) }
                start = max(start, hole.upperBound)
                index += 1
            }
            if start < range.upperBound { result.append(start..<range.upperBound) }
        }
        return KeyRanges(canonical: result)
    }

    package func union(_ other: KeyRanges) -> KeyRanges { KeyRanges(ranges + other.ranges) }

    /// How many of the keys lie in `range`.
    public func count(in range: Range<Int>) -> Int {
        var total = 0
        var index = firstIndex(endingAfter: range.lowerBound)
        while index < ranges.count, ranges[index].lowerBound < range.upperBound {
            total += ranges[index].clamped(to: range).count
            index += 1
        }
        return total
    }
}
