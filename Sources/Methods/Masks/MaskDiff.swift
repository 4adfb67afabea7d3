/// Where two masks over the same tokens differ.
public struct MaskDiff: Equatable, Sendable {
    public struct Place: Equatable, Sendable {
        public let query: Int
        public let key: Int
        /// Whether the first mask allows it, and the second does not.
        public let isAllowedInFirst: Bool
    }

    public let tokens: Int
    /// Pairs that the first mask allows and the second does not.
    public private(set) var onlyInFirst = 0
    /// Pairs that the second mask allows and the first does not.
    public private(set) var onlyInSecond = 0
    /// The first difference in reading order, nil where the masks are the same.
    public private(set) var first: Place?

    public var count: Int { onlyInFirst + onlyInSecond }
    public var isEmpty: Bool { count == 0 }

    public init(_ a: some MaskRows, _ b: some MaskRows) throws(MethodError) {
        guard a.tokens == b.tokens else { throw .tokensDiffer(a.tokens, b.tokens) }
        tokens = a.tokens
        for query in 0..<tokens {
            let (left, right) = (a.row(query), b.row(query))
            guard left != right else { continue }
            let lost = left.subtracting(right)
            let gained = right.subtracting(left)
            onlyInFirst += lost.count
            onlyInSecond += gained.count
            if first == nil { first = Self.place(query: query, lost: lost, gained: gained) }
        }
    }

    private static func place(query: Int, lost: KeyRanges, gained: KeyRanges) -> Place {
        let inFirst = lost.ranges.first?.lowerBound ?? .max
        let inSecond = gained.ranges.first?.lowerBound ?? .max
        return Place(query: query, key: min(inFirst, inSecond), isAllowedInFirst: inFirst < inSecond)
    }

    /// One line for people, with the names of the two masks.
    public func summary(_ a: String, _ b: String) -> String {
        guard let first else { return "\(a) and \(b) are the same over \(tokens.grouped) tokens" }
        let owner = first.isAllowedInFirst ? a : b
        return
            "\(count.grouped) differences: \(onlyInFirst.grouped) only in \(a), \(onlyInSecond.grouped) only in \(b); "
            + "the first at query \(first.query.grouped), key \(first.key.grouped), which \(owner) allows"
    }
}

/// The pairs that one of two masks allows and the other does not, as a mask: to be drawn or written.
public struct MaskDifference: MaskRows {
    private let a: Mask
    private let b: Mask
    public var tokens: Int { a.tokens }

    public init(_ a: Mask, _ b: Mask) throws(MethodError) {
        guard a.tokens == b.tokens else { throw .tokensDiffer(a.tokens, b.tokens) }
        self.a = a
        self.b = b
    }

    public func row(_ query: Int) -> KeyRanges {
        let (left, right) = (a.row(query), b.row(query))
        return left.subtracting(right).union(right.subtracting(left))
    }

    public func zones(of queries: Range<Int>) -> ZoneSum? {
        guard let left = a.zones(of: queries), let right = b.zones(of: queries),
            let both = left.intersection(right)
        else { return nil }
        return left + right - both - both
    }
}
