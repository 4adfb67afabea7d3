/// Sums of values under weights.
package struct WeightedSum {
    package private(set) var total: [Float]

    package init(dimension: Int) { total = Array(repeating: 0, count: dimension) }

    /// Adds weights[first + i] · values[i] for `count` values.
    /// - Parameters:
    ///   - values: [value, width], from `offset` on; the first `dimension` numbers of each count
    ///   - weights: a row of weights
    package mutating func add(
        _ values: RecordedNumbers, offset: Int, width: Int, count: Int, weights: Matrix, row: Int, first: Int
    ) {
        // Values and weights are of one tile, cut to the tokens that are recorded.
        precondition(offset + count * width <= values.count && first + count <= weights.columns)
        let weights = weights.row(row) + first
        total.withUnsafeMutableBufferPointer { total in
            values.with(offset..<offset + count * width) { values in
                for i in 0..<count where weights[i] != 0 {
                    let value = i * width
                    for j in 0..<total.count { total[j] += weights[i] * values[value + j] }
                }
            }
        }
    }
}
