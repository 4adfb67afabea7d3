/// Key indices as sorted, disjoint, non-empty half-open ranges.
public struct KeyRanges: Equatable, Sendable {
    public private(set) var ranges: [Range<Int>]

    /// Ranges in any order; empty ones are dropped, touching and overlapping ones joined.
    public init(_ ranges: [Range<Int>] = []) {
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

    public init(_ range: Range<Int>) {
        ranges = range.isEmpty ? [] : [range]
    }

    public var count: Int { ranges.reduce(0) { $0 + $1.count } }
    public var isEmpty: Bool { ranges.isEmpty }

    public func contains(_ key: Int) -> Bool {
        ranges.contains { $0.contains(key) }
    }

    public func intersection(_ other: KeyRanges) -> KeyRanges {
        var result: [Range<Int>] = []
        var i = 0
        var j = 0
        while i < ranges.count, j < other.ranges.count {
            let (a, b) = (ranges[i], other.ranges[j])
            let common = a.clamped(to: b)
            if !common.isEmpty { result.append(common) }
            if a.upperBound < b.upperBound { i += 1 } else { j += 1 }
        }
        return KeyRanges(result)
    }

    public func intersection(_ range: Range<Int>) -> KeyRanges { intersection(KeyRanges(range)) }

    public func union(_ other: KeyRanges) -> KeyRanges { KeyRanges(ranges + other.ranges) }

    /// How many of the keys lie in `range`.
    public func count(in range: Range<Int>) -> Int {
        ranges.reduce(0) { $0 + $1.clamped(to: range).count }
    }
}
