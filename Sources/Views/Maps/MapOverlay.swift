import RopewalkLens
import RopewalkMethods

/// What is laid over the cells of a map, by the share of their pairs that a mask allows.
package enum MapOverlay: Equatable, Sendable {
    /// Cells of which the mask allows nothing are hidden.
    case hides(MapShares)
    /// Cells in which two masks differ are marked, and those are hidden of which the first one allows nothing.
    case differs(MapShares, first: MapShares? = nil)

    var shares: MapShares {
        switch self {
        case .hides(let shares), .differs(let shares, _): shares
        }
    }
}

/// The share of allowed pairs in every cell of a map.
package struct MapShares: Equatable, Sendable {
    /// [row, column]; 0 past the end of the text.
    package let densities: [Double]
    /// Of how many queries one was looked at; 1 where the shares are exact.
    package private(set) var sampling = 1

    /// Pairs that are looked at one by one where the mask is no sum of zones: about a tenth of a second.
    private static let pairLimit = 20_000_000

    /// Without a pass over all queries where the mask is a sum of zones.
    package init(of mask: some MaskRows, request: MapRequest) {
        var densities = [Double](repeating: 0, count: max(0, request.rows * request.columns))
        let rowLimit = max(1, Self.pairLimit / max(1, mask.tokens))
        let bands = Self.bands(first: request.firstQuery, cell: request.cell, count: request.rows, tokens: mask.tokens)
        let columns = Self.bands(
            first: request.firstKey, cell: request.cell, count: request.columns, tokens: mask.tokens)
        for band in bands {
            for part in columns {
                let overview = mask.overview(
                    queries: band.tokens, keys: part.tokens, rows: band.cells.count, columns: part.cells.count,
                    rowLimit: rowLimit)
                sampling = max(sampling, overview.sampling)
                for (row, line) in band.cells.enumerated() {
                    for (column, place) in part.cells.enumerated() {
                        densities[line * request.columns + place] = overview.densities[row * part.cells.count + column]
                    }
                }
            }
        }
        self.densities = densities
    }

    /// Whole cells, and the one in which the text ends: an overview makes equal blocks.
    private static func bands(
        first: Int, cell: Int, count: Int, tokens: Int
    ) -> [(tokens: Range<Int>, cells: Range<Int>)] {
        guard cell > 0, first >= 0, first < tokens, count > 0 else { return [] }
        let whole = min(count, (tokens - first) / cell)
        let end = first + whole * cell
        var bands: [(tokens: Range<Int>, cells: Range<Int>)] = whole > 0 ? [(first..<end, 0..<whole)] : []
        if whole < count, end < tokens { bands.append((end..<tokens, whole..<whole + 1)) }
        return bands
    }
}
