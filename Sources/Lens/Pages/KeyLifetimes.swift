import RopewalkMethods

/// Until when keys are read: what no later query sees need not be kept.
package struct KeyLifetimes: Equatable, Sendable {
    /// The last query that sees a key; −1 where none does. [key]
    package let lastReader: [Int]
    /// Keys by the query that is the first without them, ascending; those of each ascending. [key of the text]
    private let order: [Int]

    /// From the last query on: what it sees is read until there.
    package init(_ mask: some MaskRows) {
        var last = [Int](repeating: -1, count: mask.tokens)
        var unread = KeyRanges(0..<mask.tokens)
        for query in mask.queries.reversed() where !unread.isEmpty {
            let found = mask.row(query).intersection(unread)
            guard !found.isEmpty else { continue }
            for range in found.ranges { for key in range { last[key] = query } }
            unread = unread.subtracting(found)
        }
        lastReader = last
        order = last.indices.sorted { (Self.end(last, $0), $0) < (Self.end(last, $1), $1) }
    }

    /// The first query that finds a key gone: not before its own.
    private static func end(_ last: [Int], _ key: Int) -> Int { max(last[key] + 1, key) }

    /// The keys that the first of some queries to find them gone is among these.
    func going(at queries: Range<Int>) -> KeyRanges {
        let first = order.partitionPoint { Self.end(lastReader, $0) >= queries.lowerBound }
        let end = order.partitionPoint { Self.end(lastReader, $0) >= queries.upperBound }
        return KeyRanges(order[first..<end].map { $0..<$0 + 1 })
    }

    /// Keys that have come when a query is done and that a later one reads.
    package func alive(after query: Int) -> Int {
        lastReader.prefix(query + 1).count { $0 > query }
    }

    /// Keys that are gone when a query reads: none after it sees them, nor itself.
    package func gone(at query: Int) -> KeyRanges {
        var ranges: [Range<Int>] = []
        for (key, last) in lastReader.prefix(query + 1).enumerated() where last < query {
            if let open = ranges.last, open.upperBound == key {
                ranges[ranges.count - 1] = open.lowerBound..<key + 1
            } else {
                ranges.append(key..<key + 1)
            }
        }
        return KeyRanges(ranges)
    }
}

extension Lens {
    /// Until when a head reads its keys: by places, and by what an evicting cache has given up. A selection that only chooses
    /// what is read keeps all. Nil where a preview would have to replay too many queries.
    package func keyLifetimes(layer: Int, head: Int) -> KeyLifetimes? {
        guard setup.stateSelection(layer)?.evicts ?? true else {
            return KeyLifetimes(HeadRows(self, layer: layer, head: head, byPlaceAlone: true))
        }
        return HeadRows(choosing: self, layer: layer, head: head).map { KeyLifetimes($0) }
    }
}
