/// Attention whose weights are products of features, φ(q)·φ(k) over their sum, in place of a softmax over scores.
///
/// Such a product factors, so that a decoder can keep Σ φ(k)·vᵀ and Σ φ(k) in place of keys and values, however long the
/// text. Features are those of queries and keys as the scenario turns them.
package protocol KernelMethod: Method {
    var form: KernelForm { get }
    /// What the products of a row are divided by.
    var normaliser: KernelNormaliser { get }
    /// The directions that states are seen along, which all heads of a layer share; empty where features are those of
    /// the dimensions themselves. [direction][dimension]
    func directions(layer: Int, dimension: Int) -> [[Double]]
    /// What a product is multiplied by for every token between query and key; empty for 1. [key head]
    func decays(keyHeads: Int) -> [Double]
}

/// What features are made of a state's products u with the directions.
package enum KernelForm: Int, Equatable, Sendable {
    /// exp(u − |x|²/2): the mean of φ(q)·φ(k) over all directions is exp(q·k).
    case positive = 0
    /// exp(±u − |x|²/2), two features a direction, with the same mean.
    case hyperbolic = 1
    /// exp(|x|²/2) · cos u and sin u, two features a direction, with the same mean; products may be below 0.
    case trigonometric = 2
    /// max(u, 0) + 0.001, a kernel of its own.
    case rectified = 3
    /// x + 1 where x > 0, else exp(x), of the dimensions themselves.
    case linear = 4
    /// The dimensions themselves: the model's scaled scores; products may be below 0.
    case scores = 5

    /// Whether the mean of its products is the exponential of the model's own score.
    package var isEstimate: Bool { self == .positive || self == .hyperbolic || self == .trigonometric }

    /// Whether products may be below 0, so that weights are no shares.
    package var isSigned: Bool { self == .trigonometric || self == .scores }

    /// Whether features are made of no directions.
    package var isOfDimensions: Bool { self == .linear || self == .scores }

    /// Numbers of φ for each direction.
    var perDirection: Int { self == .hyperbolic || self == .trigonometric ? 2 : 1 }
}

/// What the products of a row, or the values that they weigh, are divided by.
package enum KernelNormaliser: Int, Equatable, Sendable {
    /// The root of the mean square of the weighted values.
    case rootMeanSquare = 0
    /// Nothing.
    case none = 1
    /// √Σ γ^distance, and the sum of what is left where that is above 1.
    case rows = 2
    /// Their sum.
    case sum = 3
}

extension KernelMethod {
    package var normaliser: KernelNormaliser { .sum }
    package func decays(keyHeads: Int) -> [Double] { [] }

    /// Numbers of φ for heads of some size.
    package func featureCount(dimension: Int) -> Int {
        form.isOfDimensions ? dimension : form.perDirection * directions(layer: 0, dimension: dimension).count
    }

    /// Numbers that a decoder keeps of a key head: Σ φ(k)·vᵀ, and Σ φ(k) where something is divided by it.
    package func stateCount(dimension: Int) -> Int {
        let needsSum = normaliser == .sum || normaliser == .rows
        return featureCount(dimension: dimension) * (dimension + (needsSum ? 1 : 0))
    }
}
