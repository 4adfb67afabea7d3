import Foundation

/// Where the numbers of a weight matrix are.
enum WeightStorage: Sendable {
    /// In memory, row by row.
    case floats([Float])
    /// In a file that is mapped, row by row in whole blocks.
    case stored(Data, WeightFormat)
    /// As a package for quantising keeps them.
    case packed(PackedWeights)
    /// Those of another matrix, without its bias, with what an adapter adds to them.
    indirect case adapted(WeightMatrix, LowRankUpdate)
    /// Nowhere: the matrix only has a shape.
    case nothing

    /// Below this many bytes a copy in memory costs less than to widen again and again.
    private static let smallest = 4096

    init(_ bytes: Data, _ format: WeightFormat) {
        self =
            bytes.count < Self.smallest
            ? .floats(bytes.withUnsafeBytes { Widening.values($0, format) }) : .stored(bytes, format)
    }
}

/// Which rows of a storage a matrix consists of, in the matrix's order.
enum RowOrder: Sendable, Equatable {
    case range(Range<Int>)
    case listed([Int])

    var count: Int {
        switch self {
        case .range(let range): range.count
        case .listed(let rows): rows.count
        }
    }

    subscript(_ index: Int) -> Int {
        switch self {
        case .range(let range): range.lowerBound + index
        case .listed(let rows): rows[index]
        }
    }

    /// Some of these rows, in another order.
    func chosen(_ indices: [Int]) -> RowOrder { .listed(indices.map { self[$0] }) }

    func chosen(_ indices: Range<Int>) -> RowOrder {
        // Parts of a joint projection: families hold the tensor to the sum of their sizes (Weights.linear).
        precondition(indices.lowerBound >= 0 && indices.upperBound <= count)
        return switch self {
        case .range(let range): .range(range.lowerBound + indices.lowerBound..<range.lowerBound + indices.upperBound)
        case .listed(let rows): .listed(Array(rows[indices]))
        }
    }
}
