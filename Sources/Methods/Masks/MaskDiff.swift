/// Where two masks over the same tokens differ.
package struct MaskDiff: Equatable, Sendable {
    package struct Place: Equatable, Sendable {
        package let query: Int
        package let key: Int
        /// Whether the first mask allows it, and the second does not.
        package let isAllowedInFirst: Bool
    }

    package let tokens: Int
    /// Pairs that the first mask allows and the second does not.
    package private(set) var onlyInFirst = 0
    /// Pairs that the second mask allows and the first does not.
    package private(set) var onlyInSecond = 0
    /// The first difference in reading order, nil where the masks are the same.
    package private(set) var first: Place?

    package var count: Int { onlyInFirst + onlyInSecond }
    package var isEmpty: Bool { count == 0 }

    package init(_ a: some MaskRows, _ b: some MaskRows) throws(MethodError) {
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
    package func summary(_ a: String, _ b: String) -> String {
        guard let first else { return "\(a) and \(b) are the same over \(tokens.grouped) tokens" }
        let owner = first.isAllowedInFirst ? a : b
        return
            "\(count.grouped) differences: \(onlyInFirst.grouped) only in \(a), \(onlyInSecond.grouped) only in \(b); "
            + "the first at query \(first.query.grouped), key \(first.key.grouped), which \(owner) allows"
    }
}

/// The pairs that one of two masks allows and the other does not, as a mask: to be drawn or written.
package struct MaskDifference: MaskRows {
    private let a: Mask
    private let b: Mask
    package var tokens: Int { a.tokens }

    package init(_ a: Mask, _ b: Mask) throws(MethodError) {
        guard a.tokens == b.tokens else { throw .tokensDiffer(a.tokens, b.tokens) }
        self.a = a
        self.b = b
    }

    package func row(_ query: Int) -> KeyRanges {
        let (left, right) = (a.row(query), b.row(query))
        return left.subtracting(right).union(right.subtracting(left))
    }

    package func zones(of queries: Range<Int>) -> ZoneSum? {
        guard let left = a.zones(of: queries), let right = b.zones(of: queries),
            let both = left.intersection(right)
        else { return nil }
        return left + right - both - both
    }
}
