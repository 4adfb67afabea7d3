/// What a selection has worked out from all states of a head at once, later ones too: the choice of any query is read off.
package protocol KeyTable: Sendable {
    /// Queries that it knows the keys of: 0..<tokens.
    var tokens: Int { get }
    /// The keys of a query and how often each stands in its softmax.
    func tally(_ query: Int, into tally: inout KeyTally)
    /// The same with reasons.
    func choice(for query: Int) -> KeyChoice
}

/// The keys of one query after the other, each once with how often it was found.
package struct KeyTally {
    /// In the order in which they were found.
    package private(set) var keys: [Int32] = []
    /// How often each token was found for the query that `mark` belongs to. [token]
    private var counts: [Int32]
    private var marks: [Int32]
    private var mark: Int32 = 0

    package init(tokens: Int) {
        counts = Array(repeating: 0, count: tokens)
        marks = counts
    }

    /// Forgets the keys of the query before.
    package mutating func begin() {
        keys.removeAll(keepingCapacity: true)
        mark &+= 1
    }

    /// - Parameter limit: a key that was found so often is not counted again
    @inline(__always)
    mutating func add(_ key: Int, limit: Int32 = .max) {
        if marks[key] != mark {
            marks[key] = mark
            counts[key] = 1
            keys.append(Int32(key))
        } else if counts[key] < limit {
            counts[key] += 1
        }
    }

    mutating func addOnce(_ key: Int) { add(key, limit: 1) }

    /// How often a key was found that is one of `keys`.
    package func count(_ key: Int32) -> Int { Int(counts[Int(key)]) }
}
