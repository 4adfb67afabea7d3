import RopewalkKernels

/// Relative positions as Transformer-XL has them (Dai et al. 2019): a score is (q + u)·k + (q + v)·r with
/// r = W_r · [sin(t·ω), cos(t·ω)] for the distance t = i − j, where ω_f = 10000^(−2f / hidden).
///
/// With h = W_rᵀ(q + v), as long as the stream, the second product is Σ_f h_f · sin(t·ω_f) + h_(f + hidden/2) · cos(t·ω_f).
/// Turned by i·ω_f, the pair (h_f, h_(f + hidden/2)) has just that product with (0, 1) turned by j·ω_f. So it is a rotation:
/// a head's query is W_rᵀ(q + v), which turns, before q + u, which does not; its key is hidden/2 zeros and as many ones,
/// which turn, before k. What is kept, shown and asked for are these. Values end in zeros.
///
/// W_q and W_r stay two matrices: their product would have hidden² numbers in every head, more than all else of a layer.
struct RelativeProjections: Sendable {
    /// W_rᵀ of each head, [hidden, valueDimension], with W_rᵀ(v − u) as its bias: it reads q + u.
    let turning: [WeightMatrix]
    /// Numbers of a head's value, and of what does not turn of its queries and keys.
    let valueDimension: Int

    /// One head's matrix.
    /// - Parameters:
    ///   - matrix: W_r as it makes vectors of distances, [valueDimension, hidden]; without a bias
    ///   - content: u of the head. [valueDimension]
    ///   - distance: v of the head. [valueDimension]
    static func turning(
        _ matrix: WeightMatrix, content: ArraySlice<Float>, distance: ArraySlice<Float>
    ) -> WeightMatrix {
        let turned = matrix.transposed()
        // Only checked weights have none.
        guard !turned.isPlaceholder else { return turned }
        var bias = [Double](repeating: 0, count: matrix.inputs)
        for (row, (u, v)) in zip(content, distance).enumerated() {
            let difference = Double(v) - Double(u)
            for (column, weight) in matrix.row(row).enumerated() { bias[column] += difference * Double(weight) }
        }
        return turned.biased(bias.map { Float($0) })
    }

    /// Queries, keys and values of some tokens. The layer's own matrices make q + u, k and the values.
    func project(
        _ layer: AttentionLayer, of input: Matrix, rows: Int, shape: ModelShape, queries: Matrix, keys: Matrix,
        values: Matrix, workers: Workers
    ) {
        func result(_ matrix: WeightMatrix, of input: Matrix) -> Matrix {
            let output = Matrix(rows: rows, columns: matrix.outputs)
            matrix.apply(to: input, rows: rows, output: output, workers: workers)
            return output
        }
        let (ownQueries, ownKeys) = (result(layer.query, of: input), result(layer.key, of: input))
        let ownValues = result(layer.value, of: input)
        let size = shape.headDimension - valueDimension
        let query = Matrix(rows: rows, columns: valueDimension)
        for head in 0..<shape.heads {
            let own = head * valueDimension..<(head + 1) * valueDimension
            let start = head * shape.headDimension
            query.setColumns(0, to: ownQueries, own, rows: rows)
            queries.setColumns(start, to: result(turning[head], of: query), 0..<size, rows: rows)
            queries.setColumns(start + size, to: ownQueries, own, rows: rows)
            keys.fillColumns(start..<start + size / 2, with: 0, rows: rows)
            keys.fillColumns(start + size / 2..<start + size, with: 1, rows: rows)
            keys.setColumns(start + size, to: ownKeys, own, rows: rows)
            values.setColumns(start, to: ownValues, own, rows: rows)
            values.clearColumns(start + valueDimension..<start + shape.headDimension, rows: rows)
        }
    }
}
