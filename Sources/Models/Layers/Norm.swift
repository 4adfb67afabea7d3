import RopewalkKernels

/// A norm before or after a part of a block.
struct Norm: Sendable {
    enum Kind: Sendable {
        /// x / √(mean(x²) + ε) · w
        case rootMeanSquare
        /// (x − mean) / √(variance + ε) · w + b
        case layer
    }

    let kind: Kind
    let weight: [Float]
    let bias: [Float]?
    let epsilon: Float

    /// An RMS norm; Gemma stores its weights with 1 taken off.
    static func rootMeanSquare(
        _ name: String, size: Int, epsilon: Float, addsOne: Bool = false, _ weights: Weights
    ) throws(ModelError) -> Norm {
        let weight = try weights.values(name + ".weight", shape: [size])
        return Norm(
            kind: .rootMeanSquare, weight: addsOne ? weight.map { 1 + $0 } : weight, bias: nil, epsilon: epsilon)
    }

    static func layer(
        _ name: String, size: Int, epsilon: Float, hasBias: Bool = true, _ weights: Weights
    ) throws(ModelError) -> Norm {
        Norm(
            kind: .layer, weight: try weights.values(name + ".weight", shape: [size]),
            bias: hasBias ? try weights.values(name + ".bias", shape: [size]) : nil, epsilon: epsilon)
    }

    func apply(to x: Matrix, rows: Int, into y: Matrix, workers: Workers) {
        switch kind {
        case .rootMeanSquare:
            Elementwise.rmsNorm(x, weight: weight, epsilon: epsilon, rows: rows, into: y, workers: workers)
        case .layer:
            Elementwise.layerNorm(
                x, weight: weight, bias: bias, epsilon: epsilon, rows: rows, into: y, workers: workers)
        }
    }

    /// Of every head in place.   x: [row, head · dimension]
    func applyToHeads(_ x: Matrix, rows: Int, workers: Workers) {
        Elementwise.rmsNormOfHeads(x, weight: weight, epsilon: epsilon, rows: rows, workers: workers)
    }
}
