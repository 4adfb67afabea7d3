/// What some rows of a mask have, exactly: an answer at once where all rows take long.
package struct MaskSample: Equatable, Sendable {
    package let queries: Int
    /// Queries that see no key.
    package private(set) var empty = 0
    /// Pairs that see a later key.
    package private(set) var leaks = 0
    /// Pairs that another mask has otherwise; nil without one.
    package private(set) var differing: Int?

    /// Evenly spread queries, the first and the last among them.
    package init(_ mask: Mask, against other: Mask? = nil, queries count: Int) {
        queries = max(0, min(count, mask.queries.count))
        differing = other == nil ? nil : 0
        for index in 0..<queries {
            let query = mask.queries.lowerBound + index * (mask.queries.count - 1) / max(1, queries - 1)
            let row = mask.bits(query)
            if row.isEmpty { empty += 1 }
            leaks += row.after(query).count
            guard let other else { continue }
            let (lost, gained, _) = row.difference(other.bits(query))
            differing = (differing ?? 0) + lost + gained
        }
    }
}

extension Mask {
    /// Pairs that have to be looked at one by one, because no form of its rules tells their keys.
    package var lookedAtPairs: Int {
        windows.flatMap(\.rules).contains { $0.looksAtPairs(tokens: tokens) } ? queries.count * tokens : 0
    }
}
