/// What a kernel that computes whole tiles makes of a mask.
package struct MaskTiles: Equatable, Sendable {
    /// More tiles than this take too long.
    package static let limit = 1 << 26

    /// Side of a tile, in tokens; the last ones of a text that it does not divide are smaller.
    package let side: Int
    package private(set) var full = 0
    package private(set) var partial = 0
    package private(set) var empty = 0
    /// Allowed pairs.
    package private(set) var allowed = 0
    /// Pairs of the tiles that are not empty.
    package private(set) var computed = 0

    package var count: Int { full + partial + empty }
    /// Tiles that are computed, as a share of all.
    package var density: Double { Double(full + partial) / Double(max(1, count)) }
    /// Allowed pairs as a share of those that are computed.
    package var efficiency: Double { computed > 0 ? Double(allowed) / Double(computed) : 0 }

    /// An error where the tiles are too many.
    package init(_ mask: some MaskRows, side: Int) throws(MethodError) {
        let blocks = (mask.tokens + side - 1) / side
        guard blocks * blocks <= Self.limit else {
            throw .unfit(
                "blocks of \(side.grouped) over \(mask.tokens.grouped) tokens are \((blocks * blocks).grouped), "
                    + "over the limit of \(Self.limit.grouped): give larger blocks")
        }
        self.side = side
        for block in 0..<blocks {
            let queries = block * side..<min((block + 1) * side, mask.tokens)
            let counts = Self.counts(mask, queries, side: side, blocks: blocks)
            for (column, count) in counts.enumerated() {
                let area = queries.count * (min((column + 1) * side, mask.tokens) - column * side)
                allowed += count
                if count > 0 { computed += area }
                if count == 0 { empty += 1 } else if count == area { full += 1 } else { partial += 1 }
            }
        }
    }

    /// Allowed pairs of every tile of a row of tiles.
    private static func counts(_ mask: some MaskRows, _ queries: Range<Int>, side: Int, blocks: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: blocks)
        func add(_ keys: Range<Int>, _ count: (Range<Int>) -> Int) {
            guard !keys.isEmpty else { return }
            for column in keys.lowerBound / side...(keys.upperBound - 1) / side {
                counts[column] += count((column * side..<(column + 1) * side).clamped(to: keys))
            }
        }
        if let sum = mask.zones(of: queries) {
            for zone in sum.zones {
                let part = zone.within(queries: queries, keys: 0..<mask.tokens)
                add(part.extent) { part.weight * part.within(queries: queries, keys: $0).pairCount }
            }
        } else {
            for query in queries {
                for range in mask.row(query).ranges { add(range) { $0.count } }
            }
        }
        return counts
    }
}

extension Zone {
    /// The keys that its queries and distances leave.
    var extent: Range<Int> {
        guard !isEmpty else { return 0..<0 }
        let lower = queries.lowerBound - distances.upperBound + 1
        return keys.clamped(to: lower..<max(lower, queries.upperBound - distances.lowerBound))
    }
}
