import RopewalkModels

/// What of a recurrent mixer's hidden map is asked for.
package enum MixerMatrix: String, CaseIterable, Equatable, Hashable, Sendable {
    /// α: what a token's output takes of the input of an earlier one. It may be below 0, and rows have any sum.
    case map
    /// |α| as shares of its row, which add up to 1 over all keys.
    case shares
    /// L: what is left of an earlier token's part of the state. Of Mamba-2 and RWKV, whose channels fade by one number.
    case fading
    /// Δ · C·B: how well a token's reading fits what an earlier one has written, before any fading. Of Mamba-2.
    case products

    /// Whether a mixer has it.
    package func isKnown(of kind: MixerTraits.Kind) -> Bool {
        switch self {
        case .map, .shares: true
        case .fading: kind != .mamba
        case .products: kind == .mamba2
        }
    }
}

/// A window of a hidden map.
package struct MixerRequest: Equatable, Hashable, Sendable {
    package var layer: Int
    /// Channels or heads, over which the mean is taken; one alone is shown as it is.
    package var units: Range<Int>
    package var matrix: MixerMatrix
    package var firstQuery: Int
    package var firstKey: Int
    /// Tokens on a side of a cell. The query in the middle of a cell stands for those of its row, its keys for themselves
    /// or, where they are many, for those beside them.
    package var cell: Int
    package var rows: Int
    package var columns: Int

    package init(
        layer: Int, units: Range<Int>, matrix: MixerMatrix = .shares, firstQuery: Int = 0, firstKey: Int = 0,
        cell: Int = 1, rows: Int, columns: Int
    ) {
        self.layer = layer
        self.units = units
        self.matrix = matrix
        self.firstQuery = firstQuery
        self.firstKey = firstKey
        self.cell = cell
        self.rows = rows
        self.columns = columns
    }
}

/// A window of a hidden map, computed from what the run recorded.
package struct MixerWindow: Equatable, Sendable {
    package let request: MixerRequest
    /// Means over the tokens of a cell. [row, column]; NaN where a query reads none of the keys.
    package let values: [Float]
    /// The query that stands for each row.
    package let queries: [Int]
    package let provenance: Provenance

    package subscript(row: Int, column: Int) -> Float { values[row * request.columns + column] }
    /// The lowest and the highest number; nil where there is none.
    package var range: ClosedRange<Float>? {
        let known = values.filter { !$0.isNaN }
        guard let low = known.min(), let high = known.max() else { return nil }
        return low...high
    }
}
