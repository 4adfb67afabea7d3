/// Attention whose weights are products of features, φ(q)·φ(k) over their sum, in place of a softmax over scores.
///
/// Such a product factors, so that a decoder can keep Σ φ(k)·vᵀ and Σ φ(k) in place of keys and values, however long the
/// text. Features are those of queries and keys as the scenario turns them.
package protocol KernelMethod: Method {
    var form: KernelForm { get }
    /// The directions that states are seen along, which all heads of a layer share; empty where features are those of
    /// the dimensions themselves. [direction][dimension]
    func directions(layer: Int, dimension: Int) -> [[Double]]
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

    /// Whether the mean of its products is the exponential of the model's own score.
    package var isEstimate: Bool { self == .positive || self == .hyperbolic || self == .trigonometric }

    /// Numbers of φ for each direction.
    var perDirection: Int { self == .hyperbolic || self == .trigonometric ? 2 : 1 }
}

extension KernelMethod {
    /// Numbers of φ for heads of some size.
    package func featureCount(dimension: Int) -> Int {
        form == .linear ? dimension : form.perDirection * directions(layer: 0, dimension: dimension).count
    }
}
