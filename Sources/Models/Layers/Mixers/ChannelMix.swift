import RopewalkKernels

/// RWKV's feed-forward layer: value(relu(key(x))²), opened by a gate; key and gate are made of a token and the one before it.
struct ChannelMix: Sendable {
    /// How much of the token itself each of them reads. [hidden]
    let keyMix: [Float]
    let gateMix: [Float]
    /// [intermediate, hidden]
    let key: WeightMatrix
    /// [hidden, intermediate]
    let value: WeightMatrix
    /// [hidden, hidden]
    let gate: WeightMatrix

    /// - Parameters:
    ///   - keys: working memory. [row, intermediate]
    ///   - earlier: the token before the first; the last one afterwards. Nil where there is none.
    func apply(to x: Matrix, rows: Int, into y: Matrix, keys: Matrix, earlier: Matrix?, workers: Workers) {
        let before = earlier ?? Matrix(rows: 1, columns: x.columns)
        let mixed = Matrix(rows: rows, columns: x.columns)
        let values = Matrix(rows: rows, columns: x.columns)
        Elementwise.mixWithEarlier(x, before: before, mix: keyMix, rows: rows, into: mixed, workers: workers)
        key.apply(to: mixed, rows: rows, output: keys, workers: workers)
        Elementwise.apply(.reluSquared, to: keys, rows: rows, workers: workers)
        value.apply(to: keys, rows: rows, output: values, workers: workers)
        Elementwise.mixWithEarlier(x, before: before, mix: gateMix, rows: rows, into: mixed, workers: workers)
        gate.apply(to: mixed, rows: rows, output: y, workers: workers)
        Elementwise.sigmoidMultiply(y, values, rows: rows, workers: workers)
        earlier?.setRow(0, to: x.copy(rows: rows - 1..<rows)[...])
    }
}
