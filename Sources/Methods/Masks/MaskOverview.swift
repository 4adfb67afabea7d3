/// How full each of rows × columns equal blocks of a mask is.
package struct MaskOverview: Equatable, Sendable {
    /// Shares of allowed pairs, [row, column]; 0 where a block holds no token.
    package let densities: [Double]
    /// Of how many queries one was looked at; 1 where the densities are exact.
    package let sampling: Int
}

extension MaskRows {
    /// The densities of equal blocks, without a pass over all queries where the mask is a sum of zones.
    ///
    /// A mask that is not is gone through row by row while there are at most `rowLimit` queries; of more, some are
    /// looked at, evenly spread, and the answer says so.
    package func overview(rows: Int, columns: Int, rowLimit: Int = 16_384) -> MaskOverview {
        overview(queries: queries, keys: 0..<tokens, rows: rows, columns: columns, rowLimit: rowLimit)
    }

    /// The same over a part of the mask.
    package func overview(
        queries: Range<Int>, keys: Range<Int>, rows: Int, columns: Int, rowLimit: Int = 16_384
    ) -> MaskOverview {
        let blocks = MaskBlocks(
            queries: queries.clamped(to: self.queries), keys: keys.clamped(to: 0..<tokens), rows: rows, columns: columns
        )
        if let densities = blocks.closedDensities(of: self) { return MaskOverview(densities: densities, sampling: 1) }
        let step = max(1, (blocks.queries.count + rowLimit - 1) / max(1, rowLimit))
        return MaskOverview(densities: blocks.densities(of: self, everyQuery: step), sampling: step)
    }
}

/// Equal blocks over a part of a mask: block i of n covers the tokens from i · count / n.
struct MaskBlocks {
    let queries: Range<Int>
    let keys: Range<Int>
    let rows: Int
    let columns: Int

    func queries(of row: Int) -> Range<Int> { Self.part(queries, row, rows) }
    func keys(of column: Int) -> Range<Int> { Self.part(keys, column, columns) }

    private static func part(_ range: Range<Int>, _ i: Int, _ n: Int) -> Range<Int> {
        range.lowerBound + i * range.count / n..<range.lowerBound + (i + 1) * range.count / n
    }

    /// The column of a key that lies in `keys`.
    private func column(_ key: Int) -> Int { ((key - keys.lowerBound + 1) * columns - 1) / keys.count }

    /// By zones; nil where the mask is no sum of them.
    func closedDensities(of mask: some MaskRows) -> [Double]? {
        guard rows > 0, columns > 0 else { return [] }
        var densities = Array(repeating: 0.0, count: rows * columns)
        guard !keys.isEmpty else { return densities }
        let edges = (0..<columns).map { keys(of: $0) }
        for row in 0..<rows {
            let band = queries(of: row)
            guard !band.isEmpty else { continue }
            guard let sum = mask.zones(of: band) else { return nil }
            var counts = Array(repeating: 0, count: columns)
            for zone in sum.zones {
                let part = zone.within(queries: band, keys: keys)
                let extent = part.extent
                guard !extent.isEmpty else { continue }
                for column in column(extent.lowerBound)...column(extent.upperBound - 1) {
                    counts[column] += part.weight * part.within(queries: band, keys: edges[column]).pairCount
                }
            }
            for column in 0..<columns {
                densities[row * columns + column] = share(counts[column], band.count * edges[column].count)
            }
        }
        return densities
    }

    /// Row by row, of every `step`-th query of a block.
    func densities(of mask: some MaskRows, everyQuery step: Int) -> [Double] {
        guard rows > 0, columns > 0 else { return [] }
        var densities: [Double] = []
        densities.reserveCapacity(rows * columns)
        for row in 0..<rows {
            var counts = BlockCounts(keys: keys, columns: columns)
            let looked = stride(from: queries(of: row).lowerBound, to: queries(of: row).upperBound, by: step)
            for query in looked { counts.add(mask.row(query)) }
            densities += counts.densities(rows: Array(looked).count)
        }
        return densities
    }

    private func share(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
}
