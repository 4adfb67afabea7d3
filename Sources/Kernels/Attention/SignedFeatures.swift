import CRopewalkKernels
import Foundation

/// Features whose products may be below 0, so that they are no exponentials of scores: weights are the products themselves,
/// times a decay for every token between query and key, over what a normaliser says.
package struct SignedFeatures: Sendable {
    /// What features are made of a state's products u with the directions.
    package enum Form: Sendable {
        /// exp(|x|²/2) · cos u and · sin u: the mean of their products is exp(q·k).
        case trigonometric
        /// The numbers of the state themselves: their product is the scaled score.
        case plain
    }

    /// What the weighted values of a row are divided by.
    package enum Normaliser: Sendable {
        /// The sum of the products, which may be below 0.
        case sum
        /// Nothing.
        case none
        /// √Σ γ^distance, and the sum of what is left where that is above 1: torchscale's.
        case rows
        /// The root of their mean square, with 10⁻⁶ added to it.
        case rootMeanSquare
    }

    let form: Form
    package let normaliser: Normaliser
    let dimension: Int
    /// Numbers of φ.
    package let count: Int
    /// `count`, rounded up to whole vectors; the features behind it are 0.
    let width: Int
    /// γ of every key head; empty for 1. [key head]
    package let decays: [Double]
    /// ω·√scale. [direction, dimension]
    private let rows: [Float]
    /// √scale: what both sides of `trigonometric` are multiplied by.
    private let root: Float

    /// Of `rootMeanSquare`.
    static let epsilon = 1e-6

    /// - Parameters:
    ///   - directions: empty for `plain`. [direction][dimension]
    ///   - scale: what products of queries and keys are multiplied by
    package init(
        form: Form, normaliser: Normaliser, directions: [[Double]] = [], dimension: Int, scale: Float,
        decays: [Double] = []
    ) {
        self.form = form
        self.normaliser = normaliser
        self.dimension = dimension
        self.decays = decays
        count = form == .plain ? dimension : 2 * directions.count
        width = (count + 15) / 16 * 16
        root = scale.squareRoot()
        let root = Double(scale).squareRoot()
        rows = directions.flatMap { $0.map { Float($0 * root) } }
    }

    /// γ of a key head.
    func decay(_ keyHead: Int) -> Double { keyHead < decays.count ? decays[keyHead] : 1 }

    /// γ^0, γ^1 ... as many as are asked for.
    func powers(_ keyHead: Int, count: Int) -> [Float] {
        let decay = decay(keyHead)
        return decay == 1 ? Array(repeating: 1, count: count) : (0..<count).map { Float(pow(decay, Double($0))) }
    }

    /// Features of keys, but for a factor of each whose logarithm goes to `shared`.
    /// keys: [dimension, n]   features: [width, n]   shared: [n]   n is a multiple of 16.
    func features(
        of keys: UnsafePointer<Float>, count n: Int, to features: Matrix, shared: UnsafeMutablePointer<Float>
    ) {
        shared.update(repeating: 0, count: n)
        if form == .plain {
            features.base.update(from: keys, count: dimension * n)
        } else {
            rows.withUnsafeBufferPointer {
                if let rows = $0.baseAddress { ck_sums(rows, count / 2, dimension, keys, n, nil, features.base) }
            }
            for direction in 0..<count / 2 {
                let (cosine, sine) = (features.row(direction), features.row(count / 2 + direction))
                Circle.turn(cosine, sine, count: n)
            }
            for i in 0..<dimension { for j in 0..<n { shared[j] += keys[i * n + j] * keys[i * n + j] } }
            for j in 0..<n { shared[j] *= root * root / 2 }
        }
        (features.base + count * n).update(repeating: 0, count: (width - count) * n)
    }

    /// The same of a query that has the scale of its products; the factor is left out, as every sum has it.
    /// state: [dimension]   features: [width]
    func features(ofQuery state: UnsafePointer<Float>, to features: UnsafeMutablePointer<Float>) {
        features.update(repeating: 0, count: width)
        guard form == .trigonometric else { return features.update(from: state, count: dimension) }
        let factor = root == 0 ? 1 : 1 / (root * root)
        for direction in 0..<count / 2 {
            var sum: Float = 0
            for i in 0..<dimension { sum += rows[direction * dimension + i] * state[i] }
            (features[direction], features[count / 2 + direction]) = (cosf(sum * factor), sinf(sum * factor))
        }
    }

    /// ln of what a query's features were left without, less ln of the directions that a mean is taken over.
    func logFactor(ofQuery state: UnsafePointer<Float>) -> Float {
        guard form == .trigonometric else { return 0 }
        let square = (0..<dimension).reduce(Float(0)) { $0 + state[$1] * state[$1] }
        return (root == 0 ? 0 : square / (root * root) / 2) - logf(Float(max(1, count / 2)))
    }

    /// What the values that a row weighs are divided by; 0 where that is nothing that can be divided by.
    /// - Parameters:
    ///   - sum: of the row's products, each with its decay
    ///   - square: the mean square of the weighted values
    ///   - decayed: Σ γ^distance over the keys of the row
    package func divisor(sum: Double, square: Double, decayed: Double) -> Double {
        switch normaliser {
        case .none: return 1
        case .sum: return sum
        case .rows: return max(1, abs(sum) / decayed.squareRoot()) * decayed.squareRoot()
        case .rootMeanSquare: return (square + Self.epsilon).squareRoot()
        }
    }

    /// Σ γ^distance of a query over all keys up to its own.
    package func decayed(keyHead: Int, query: Int) -> Double {
        let decay = decay(keyHead)
        return decay == 1 ? Double(query + 1) : (1 - pow(decay, Double(query + 1))) / (1 - decay)
    }
}
