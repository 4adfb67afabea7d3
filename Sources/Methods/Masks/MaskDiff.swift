import RopewalkPhrases

/// Where two masks over the same tokens differ.
package struct MaskDiff: Equatable, Sendable {
    package struct Place: Equatable, Sendable {
        package let query: Int
        package let key: Int
        /// Whether the first mask allows it, and the second does not.
        package let isAllowedInFirst: Bool
    }

    package let tokens: Int
    package let queries: Range<Int>
    /// Pairs that the first mask allows and the second does not.
    package private(set) var onlyInFirst = 0
    /// Pairs that the second mask allows and the first does not.
    package private(set) var onlyInSecond = 0
    /// The first difference in reading order, nil where the masks are the same.
    package private(set) var first: Place?

    package var count: Int { onlyInFirst + onlyInSecond }
    package var isEmpty: Bool { count == 0 }

    /// - Parameter progress: hears now and then how many of how many queries are done.
    package init(
        _ a: some MaskRows, _ b: some MaskRows, progress: ((Int, Int) -> Void)? = nil
    ) throws(MethodError) {
        try Self.requireSameSize(a, b)
        tokens = a.tokens
        queries = a.queries
        let isScattered = a.isScattered || b.isScattered
        for start in stride(from: queries.lowerBound, to: queries.upperBound, by: Self.band) {
            let band = start..<min(start + Self.band, queries.upperBound)
            progress?(start - queries.lowerBound, queries.count)
            if let (lost, gained) = Self.counts(a, b, band), first != nil || lost + gained == 0 {
                onlyInFirst += lost
                onlyInSecond += gained
                continue
            }
            for query in band {
                if isScattered {
                    compare(a.bits(query), b.bits(query), query)
                } else {
                    compare(a.row(query), b.row(query), query)
                }
            }
        }
    }

    /// Queries that are compared at a time where both masks are sums of zones.
    private static let band = 256

    /// The pairs that only the one and only the other mask allows; nil where they are no sums of zones.
    private static func counts(
        _ a: some MaskRows, _ b: some MaskRows, _ band: Range<Int>
    ) -> (lost: Int, gained: Int)? {
        guard let left = a.zones(of: band), let right = b.zones(of: band), let both = left.intersection(right) else {
            return nil
        }
        let keys = 0..<a.tokens
        let common = both.count(queries: band, keys: keys)
        return (left.count(queries: band, keys: keys) - common, right.count(queries: band, keys: keys) - common)
    }

    private mutating func compare(_ left: KeyRanges, _ right: KeyRanges, _ query: Int) {
        guard left != right else { return }
        let lost = left.subtracting(right)
        let gained = right.subtracting(left)
        onlyInFirst += lost.count
        onlyInSecond += gained.count
        if first == nil { first = Self.place(query: query, lost: lost, gained: gained) }
    }

    private mutating func compare(_ left: KeyBits, _ right: KeyBits, _ query: Int) {
        let (lost, gained, key) = left.difference(right)
        onlyInFirst += lost
        onlyInSecond += gained
        if first == nil, let key { first = Place(query: query, key: key, isAllowedInFirst: left.contains(key)) }
    }

    static func requireSameSize(_ a: some MaskRows, _ b: some MaskRows) throws(MethodError) {
        guard a.tokens == b.tokens else { throw .tokensDiffer(a.tokens, b.tokens) }
        guard a.queries == b.queries else {
            let names = [a, b].map { (mask: any MaskRows) in
                say("\(mask.queries.count.grouped) queries from \(mask.queries.lowerBound.grouped)")
            }
            throw .unfit(say("the masks have \(names[0]) and \(names[1]): compare masks of the same size"))
        }
    }

    private static func place(query: Int, lost: KeyRanges, gained: KeyRanges) -> Place {
        let inFirst = lost.ranges.first?.lowerBound ?? .max
        let inSecond = gained.ranges.first?.lowerBound ?? .max
        return Place(query: query, key: min(inFirst, inSecond), isAllowedInFirst: inFirst < inSecond)
    }

    /// "64 tokens", or "8 queries and 64 keys".
    package var sizeText: String {
        queries == 0..<tokens
            ? say("\(tokens.grouped) tokens") : say("\(queries.count.grouped) queries and \(tokens.grouped) keys")
    }

    package func name(ofQuery query: Int) -> String {
        queries == 0..<tokens
            ? say("query \(query.grouped)")
            : say("query \(query.grouped) (row \((query - queries.lowerBound).grouped))")
    }

    /// One line for people, with the names of the two masks.
    ///
    /// - Parameter block: the side of the blocks that were compared in place of tokens.
    package func summary(_ a: String, _ b: String, block: Int? = nil) -> String {
        let unit = block.map { say("\(tokens, one: "block", many: "blocks") of \($0.grouped)") } ?? say("tokens")
        guard let first else { return say("\(a) and \(b) are the same over \(tokens.grouped) \(unit)") }
        let owner = first.isAllowedInFirst ? a : b
        let place =
            block == nil
            ? say("\(name(ofQuery: first.query)), key \(first.key.grouped)")
            : say("block row \(first.query.grouped), column \(first.key.grouped)")
        return
            say(
                """
                \(count.grouped) differences: \(onlyInFirst.grouped) only in \(a), \(onlyInSecond.grouped) only \
                in \(b); the first at \(place), which \(owner) allows
                """)
    }
}

/// The pairs that one of two masks allows and the other does not, as a mask: to be drawn or written.
package struct MaskDifference: MaskRows {
    private let a: Mask
    private let b: Mask
    package var tokens: Int { a.tokens }
    package var queries: Range<Int> { a.queries }

    package init(_ a: Mask, _ b: Mask) throws(MethodError) {
        try MaskDiff.requireSameSize(a, b)
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
