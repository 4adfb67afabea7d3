import RopewalkPhrases

/// What a kernel that computes whole tiles makes of a mask.
package struct MaskTiles: Equatable, Sendable {
    /// More tiles than this take too long.
    package static let limit = 1 << 26

    /// Side of a tile, in tokens; the last ones of a text that it does not divide are in part beyond the text, so they
    /// are never full, as in PyTorch's BlockMask.
    package let side: Int
    package enum Kind: UInt8, Equatable, Sendable { case empty, partial, full }
    /// [row of tiles, column of tiles]
    package private(set) var kinds: [Kind] = []
    package let columns: Int
    package let full: Int
    package let partial: Int
    package var empty: Int { kinds.count - full - partial }
    /// Allowed pairs.
    package private(set) var allowed = 0
    /// Pairs of the tiles that are not empty.
    package private(set) var computed = 0

    package var count: Int { kinds.count }
    /// Tiles that are computed, as a share of all.
    package var density: Double { Double(full + partial) / Double(max(1, count)) }
    /// Allowed pairs as a share of those that are computed.
    package var efficiency: Double { computed > 0 ? Double(allowed) / Double(computed) : 0 }

    /// An error where the tiles are too many.
    package init(_ mask: some MaskRows, side: Int) throws(MethodError) {
        let blocks = (mask.tokens + side - 1) / side
        let rows = (mask.queries.count + side - 1) / side
        guard blocks * rows <= Self.limit else {
            throw .unfit(
                say(
                    """
                    blocks of \(side.grouped) over \(mask.tokens.grouped) tokens are \
                    \((blocks * rows).grouped), over the limit of \(Self.limit.grouped): give larger blocks
                    """))
        }
        self.side = side
        columns = blocks
        kinds.reserveCapacity(rows * blocks)
        for block in 0..<rows {
            let first = mask.queries.lowerBound + block * side
            let queries = first..<min(first + side, mask.queries.upperBound)
            let counts = Self.counts(mask, queries, side: side, blocks: blocks)
            for (column, count) in counts.enumerated() {
                let area = queries.count * (min((column + 1) * side, mask.tokens) - column * side)
                allowed += count
                if count > 0 { computed += area }
                kinds.append(count == 0 ? .empty : count == side * side ? .full : .partial)
            }
        }
        full = kinds.count { $0 == .full }
        partial = kinds.count { $0 == .partial }
    }

    /// Allowed pairs of every tile of a row of tiles.
    /// - Parameter side: keys of a tile
    package static func counts(_ mask: some MaskRows, _ queries: Range<Int>, side: Int, blocks: Int) -> [Int] {
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
