import RopewalkKernels

/// Multi-head latent attention (DeepSeek-V2 2024): a token is kept as a narrow state, of which keys and values of all heads are
/// made, and one turned piece that is part of every head's key.
///
/// What is kept here, shown and asked for are the keys and values of the heads. The turned dimensions come first in a head, in
/// place of last as published, so that they lie where other families have them; values that are shorter end in zeros.
struct LatentProjections: Sendable {
    /// The narrow state that queries are made of; nil where they are made of the stream.
    var queryDown: WeightMatrix?
    var queryNorm: Norm?
    /// [rank, hidden]
    let down: WeightMatrix
    let norm: Norm
    /// The turned piece, [turned dimensions, hidden].
    let turned: WeightMatrix
    /// Numbers of a head's value; the rest of a head is 0.
    let valueDimension: Int

    /// Queries, keys and values of some tokens. The layer's key and value matrices read the narrow state.
    func project(
        _ layer: AttentionLayer, of input: Matrix, rows: Int, shape: ModelShape, queries: Matrix,
        keys: Matrix,
        values: Matrix, workers: Workers
    ) {
        func result(_ matrix: WeightMatrix, of input: Matrix) -> Matrix {
            let output = Matrix(rows: rows, columns: matrix.outputs)
            matrix.apply(to: input, rows: rows, output: output, workers: workers)
            return output
        }
        let narrow = queryDown.map { result($0, of: input) }
        if let narrow { queryNorm?.apply(to: narrow, rows: rows, into: narrow, workers: workers) }
        layer.query.apply(to: narrow ?? input, rows: rows, output: queries, workers: workers)
        let state = result(down, of: input)
        norm.apply(to: state, rows: rows, into: state, workers: workers)
        let piece = result(turned, of: input)
        let (unturned, short) = (result(layer.key, of: state), result(layer.value, of: state))
        let (d, size) = (shape.headDimension, shape.headDimension - piece.columns)
        for head in 0..<shape.heads {
            keys.setColumns(head * d, to: piece, 0..<piece.columns, rows: rows)
            keys.setColumns(head * d + piece.columns, to: unturned, head * size..<(head + 1) * size, rows: rows)
            let own = head * valueDimension..<(head + 1) * valueDimension
            values.setColumns(head * d, to: short, own, rows: rows)
            values.clearColumns(head * d + valueDimension..<(head + 1) * d, rows: rows)
        }
    }
}
