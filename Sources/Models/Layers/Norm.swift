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
    /// How many heads have weights of their own, one after the other; the others share one stretch of them.
    var heads = 1

    /// An RMS norm; Gemma stores its weights with 1 taken off, as Nemotron does those of LayerNorm.
    static func rootMeanSquare(
        _ name: String, size: Int, epsilon: Float, addsOne: Bool = false, _ weights: Weights
    ) throws(ModelError) -> Norm {
        let weight = try weights.values(name + ".weight", shape: [size])
        return Norm(
            kind: .rootMeanSquare, weight: addsOne ? weight.map { 1 + $0 } : weight, bias: nil, epsilon: epsilon)
    }

    static func layer(
        _ name: String, size: Int, epsilon: Float, hasBias: Bool = true, addsOne: Bool = false, _ weights: Weights
    ) throws(ModelError) -> Norm {
        let weight = try weights.values(name + ".weight", shape: [size])
        return Norm(
            kind: .layer, weight: addsOne ? weight.map { 1 + $0 } : weight,
            bias: hasBias ? try weights.values(name + ".bias", shape: [size]) : nil, epsilon: epsilon)
    }

    /// The same for numbers in another order.
    func gathering(_ places: [Int]) -> Norm {
        // Only checked weights have none.
        guard weight.count == places.count else { return self }
        var norm = Norm(
            kind: kind, weight: places.map { weight[$0] }, bias: bias.map { bias in places.map { bias[$0] } },
            epsilon: epsilon)
        norm.heads = heads
        return norm
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

    /// An RMS norm without numbers of its own (Llama 4).
    static func plainRootMeanSquare(size: Int, epsilon: Float) -> Norm {
        Norm(kind: .rootMeanSquare, weight: Array(repeating: 1, count: size), bias: nil, epsilon: epsilon)
    }

    /// LayerNorm without numbers of its own (OLMo).
    static func plainLayer(size: Int, epsilon: Float) -> Norm {
        Norm(kind: .layer, weight: Array(repeating: 1, count: size), bias: nil, epsilon: epsilon)
    }

    /// Of every head in place, or of all together where the weights are as long.   x: [row, head · dimension]
    func applyToHeads(_ x: Matrix, rows: Int, workers: Workers) {
        switch kind {
        case .rootMeanSquare:
            Elementwise.rmsNormOfHeads(x, weight: weight, epsilon: epsilon, rows: rows, workers: workers)
        case .layer:
            Elementwise.layerNormOfHeads(
                x, weight: weight, bias: bias, weightedHeads: heads, epsilon: epsilon, rows: rows, workers: workers)
        }
    }
}
