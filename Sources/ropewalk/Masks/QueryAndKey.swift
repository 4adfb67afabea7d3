import RopewalkPhrases

/// A place in a mask, as in `--why 1204,87`.
struct QueryAndKey: Equatable {
    let query: Int
    let key: Int

    struct NotAPlace: Error, CustomStringConvertible {
        var description: String { say("it takes a query and a key, such as 40,3") }
    }

    static func parse(_ text: String) throws -> QueryAndKey {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let query = parts[0], let key = parts[1] else { throw NotAPlace() }
        return QueryAndKey(query: query, key: key)
    }
}
