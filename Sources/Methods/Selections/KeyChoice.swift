import RopewalkPhrases

/// The keys that one query sees, and why.
package struct KeyChoice: Sendable {
    /// Within 0...query.
    package let keys: KeyRanges
    /// Those that stand in the softmax more than once; ascending and disjoint.
    package let copies: [KeyCopies]
    /// What is added to the scores of some; ascending and disjoint.
    package let additions: [KeyAddition]
    /// Why a key is visible or not, as one short line with the numbers.
    package let reason: @Sendable (_ key: Int) -> VisibilityReason

    package init(
        keys: KeyRanges, copies: [KeyCopies] = [], additions: [KeyAddition] = [],
        reason: @escaping @Sendable (Int) -> VisibilityReason
    ) {
        self.keys = keys
        self.copies = copies
        self.additions = additions
        self.reason = reason
    }

    /// Keys with a reason for those up to the query; later ones are the future.
    init(
        query: Int, keys: KeyRanges, copies: [KeyCopies] = [], additions: [KeyAddition] = [],
        reason: @escaping @Sendable (Int) -> VisibilityReason
    ) {
        self.init(keys: keys, copies: copies, additions: additions) {
            $0 > query ? .future(query: query, key: $0) : reason($0)
        }
    }

    /// Every key up to the query, with one reason for all.
    static func dense(query: Int, because text: @escaping @autoclosure @Sendable () -> String) -> KeyChoice {
        KeyChoice(query: query, keys: KeyRanges(0..<query + 1)) { _ in
            VisibilityReason(.visible, say("kept: \(text())"))
        }
    }
}

/// Keys that stand in a query's softmax several times: each counts as so many with the same score.
package struct KeyCopies: Equatable, Sendable {
    package let keys: Range<Int>
    /// At least 2.
    package let count: Int

    package init(keys: Range<Int>, count: Int) {
        self.keys = keys
        self.count = count
    }

    /// Those of ascending keys that count more than once, neighbours with one count together.
    static func found(_ counts: [(key: Int, count: Int)]) -> [KeyCopies] {
        var result: [KeyCopies] = []
        for (key, count) in counts where count > 1 {
            if let last = result.last, last.keys.upperBound == key, last.count == count {
                result[result.count - 1] = KeyCopies(keys: last.keys.lowerBound..<key + 1, count: count)
            } else {
                result.append(KeyCopies(keys: key..<key + 1, count: count))
            }
        }
        return result
    }
}

/// What a selection adds to the scores of keys in a row.
package struct KeyAddition: Equatable, Sendable {
    package let keys: Range<Int>
    package let value: Float

    package init(keys: Range<Int>, value: Float) {
        self.keys = keys
        self.value = value
    }
}

/// Keys in a row that a query meets at other distances than those of the text: they stand at their index modulo the
/// period of the selection (`StateSelection.keyPeriod`), and the query at `place`.
package struct PlacedKeys: Equatable, Sendable {
    package let keys: Range<Int>
    /// From 0 to the query's own.
    package let place: Int

    package init(keys: Range<Int>, place: Int) {
        self.keys = keys
        self.place = place
    }

    /// How far the query is taken to be from one of them.
    package func distance(to key: Int, period: Int) -> Int { place - key % period }
}

extension KeyRanges {
    /// Single keys in ascending order, without repetition.
    init(ascending keys: [Int]) {
        var ranges: [Range<Int>] = []
        for key in keys {
            if let last = ranges.last, last.upperBound == key {
                ranges[ranges.count - 1] = last.lowerBound..<key + 1
            } else {
                ranges.append(key..<key + 1)
            }
        }
        self.init(canonical: ranges)
    }

    /// Every key, in ascending order.
    var keys: [Int] { ranges.flatMap { $0 } }
}

extension Range<Int> {
    /// "12 to 17", or "12" for one.
    var text: String {
        count == 1 ? lowerBound.grouped : say("\(lowerBound.grouped) to \((upperBound - 1).grouped)")
    }
}
