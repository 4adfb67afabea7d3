import RopewalkKernels

/// What makes logits of the last states.
struct OutputHead: Sendable {
    /// BERT's: norm(activation(dense(x))); OPT has the dense layer alone.
    struct Transform: Sendable {
        let dense: WeightMatrix
        var activation: Activation?
        var norm: Norm?
    }

    var transform: Transform?
    /// Multiplies the states (T5).
    var scale: Float = 1
    /// [vocabulary, hidden], with a bias where the family has one.
    let weights: WeightMatrix
    /// Logits become cap · tanh(logit / cap).
    var softcap: Float?

    /// The states that the weights are applied to.
    func prepare(_ states: Matrix, rows: Int, workers: Workers) -> Matrix {
        guard transform != nil || scale != 1 else { return states }
        let result = Matrix(rows: max(1, rows), columns: weights.inputs)
        if let transform {
            transform.dense.apply(to: states, rows: rows, output: result, workers: workers)
            if let activation = transform.activation {
                Elementwise.apply(activation, to: result, rows: rows, workers: workers)
            }
            // A row is read whole before it is written, so that it may be its own result.
            transform.norm?.apply(to: result, rows: rows, into: result, workers: workers)
        } else {
            for row in 0..<rows { result.setRow(row, to: states.copy(rows: row..<row + 1)[...]) }
        }
        if scale != 1 { Elementwise.scale(result, by: scale, rows: rows) }
        return result
    }

    /// The same for one state.
    func prepare(_ state: ArraySlice<Float>) -> ArraySlice<Float> {
        guard transform != nil || scale != 1 else { return state }
        let matrix = Matrix(rows: 1, columns: state.count)
        matrix.setRow(0, to: state)
        return prepare(matrix, rows: 1, workers: Workers(count: 1)).copy(rows: 0..<1)[...]
    }
}
