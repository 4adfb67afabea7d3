/// Which heads make one choice together.
package enum HeadSharing: Equatable, Sendable {
    /// Every head chooses for itself.
    case head
    /// The query heads that read one key head choose together.
    case group
    /// All heads of a layer choose together.
    case layer
}

/// Which keys a query sees, decided by what queries and keys hold; the selection may depend on earlier queries, as
/// that of an evicting cache does.
package protocol StateSelection: Method {
    /// Heads that choose together have the same choice, so one selector serves them all, made for the first of them.
    var sharing: HeadSharing { get }
    /// Whether the choice for a query follows from the states alone, so that no earlier query need be replayed.
    var followsFromStates: Bool { get }
    /// Whether a key that a query does not see has left the cache, and no later query sees it either.
    var evicts: Bool { get }
    /// Whether a key may stand in a query's softmax more than once.
    var countsCopies: Bool { get }
    /// Whether it adds to the scores of keys that it has chosen.
    var addsToScores: Bool { get }
    /// After how many tokens places begin anew for keys that are not read where the text has them (`places`); nil where all
    /// are.
    var keyPeriod: Int? { get }
    /// Where a query stands to those keys it has chosen whose distance is not the true one. Ascending.
    func places(of keys: KeyRanges, query: Int) -> [PlacedKeys]
    /// Whether a choice depends on later tokens too, so that a text is run in one piece; there are tables then.
    var readsAhead: Bool { get }
    /// Numbers of four bytes that such a table keeps of a token.
    var tableNumbers: Double { get }
    /// The choices of a head for all queries of a text whose states are all there; nil for a selection that reads from
    /// left to right.
    func table(for place: HeadPlace, states: any LayerStates) -> (any KeyTable)?
    /// A selector for one head, to be asked for queries 0, 1, 2 ... in this order.
    ///
    /// It looks at no key after the query that it is asked for, unless it reads ahead.
    func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector
    /// The choices of some queries; those that the states do not have are left out.
    func choices(for queries: [Int], place: HeadPlace, states: any LayerStates) -> [Int: KeyChoice]
    /// The choice of one query; nil where the states have no such query.
    func choice(for query: Int, place: HeadPlace, states: any LayerStates) -> KeyChoice?
}

extension StateSelection {
    package var sharing: HeadSharing { .head }
    package var followsFromStates: Bool { false }
    package var evicts: Bool { false }
    package var countsCopies: Bool { false }
    package var addsToScores: Bool { false }
    package var keyPeriod: Int? { nil }
    package func places(of keys: KeyRanges, query: Int) -> [PlacedKeys] { [] }
    package var readsAhead: Bool { false }
    package var tableNumbers: Double { 0 }
    package func table(for place: HeadPlace, states: any LayerStates) -> (any KeyTable)? { nil }

    package func choices(for queries: [Int], place: HeadPlace, states: any LayerStates) -> [Int: KeyChoice] {
        queries.reduce(into: [:]) { $0[$1] = choice(for: $1, place: place, states: states) }
    }

    /// Replays the selector from the first query on.
    package func choice(for query: Int, place: HeadPlace, states: any LayerStates) -> KeyChoice? {
        guard (0..<states.tokens).contains(query) else { return nil }
        var selector = selector(for: place, states: states)
        for _ in 0..<query { _ = selector.next() }
        return selector.next()
    }
}

/// Chooses the keys of one query after the other.
package protocol KeySelector {
    /// The keys that the next query sees; the first call is for query 0.
    mutating func next() -> KeyChoice
}

/// Chooses the keys of any query, as long as the queries rise; may keep what it has gathered of earlier keys.
protocol QueryChooser {
    mutating func choice(for query: Int) -> KeyChoice
}

/// Asks a chooser for one query after the other.
struct Steps<Chooser: QueryChooser>: KeySelector {
    private var chooser: Chooser
    private var query = 0

    init(_ chooser: Chooser) { self.chooser = chooser }

    mutating func next() -> KeyChoice {
        defer { query += 1 }
        return chooser.choice(for: query)
    }
}

/// A selection whose choice for a query follows from the states alone, so that no earlier query need be replayed.
protocol DirectSelection: StateSelection {
    associatedtype Chooser: QueryChooser
    func chooser(for place: HeadPlace, states: any LayerStates) -> Chooser
}

extension DirectSelection {
    package var followsFromStates: Bool { true }

    package func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector {
        Steps(chooser(for: place, states: states))
    }

    package func choice(for query: Int, place: HeadPlace, states: any LayerStates) -> KeyChoice? {
        guard (0..<states.tokens).contains(query) else { return nil }
        var chooser = chooser(for: place, states: states)
        return chooser.choice(for: query)
    }

    package func choices(for queries: [Int], place: HeadPlace, states: any LayerStates) -> [Int: KeyChoice] {
        // One chooser for all, so that what stands for earlier blocks is made once.
        var chooser = chooser(for: place, states: states)
        return queries.sorted().reduce(into: [:]) { choices, query in
            if (0..<states.tokens).contains(query), choices[query] == nil {
                choices[query] = chooser.choice(for: query)
            }
        }
    }
}
