/// Which keys the heads of two textbook circuits look at, by the tokens of a text alone.
package struct TokenTargets: Sendable {
    /// What a head looks for.
    package enum Pattern: Sendable {
        /// The query's own token, wherever it stood before.
        case duplicate
        /// What followed the query's token, each time it stood before.
        case induction
    }

    /// The last earlier place of the same token; −1 for none. [token]
    private let earlier: [Int32]

    package init(_ ids: [Int32]) {
        var places: [Int32: Int32] = [:]
        earlier = ids.enumerated().map { place, id in places.updateValue(Int32(place), forKey: id) ?? -1 }
    }

    /// The keys, the latest first; none where the query's token is a new one, and where there is no such query.
    package func keys(_ pattern: Pattern, of query: Int) -> [Int] {
        guard earlier.indices.contains(query) else { return [] }
        var found: [Int] = []
        var place = Int(earlier[query])
        while place >= 0 {
            found.append(pattern == .duplicate ? place : place + 1)
            place = Int(earlier[place])
        }
        return found
    }
}
