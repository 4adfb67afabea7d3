import CRopewalkKernels
import Foundation

/// Features of queries and keys whose products take the place of exponentials of scores: ln(φ(q)·φ(k)) is the score.
///
/// None is ever as large as e^88: a feature of keys is divided by its highest among them, whose logarithm goes to the
/// queries, and a query's by its highest of all. What that leaves too small is computed alone, in logarithms.
package struct FeatureMap: Sendable {
    /// What features are made of a state's products u with the directions.
    package enum Form: Sendable {
        /// exp(u − |x|²/2)
        case exponential
        /// max(u, 0) + 0.001
        case rectified
        /// x + 1 where x > 0, else exp(x), of the dimensions themselves.
        case linear
    }

    let form: Form
    let dimension: Int
    /// Numbers of φ.
    package let count: Int
    /// `count`, rounded up to whole vectors; the features behind it are 0.
    let width: Int
    /// ω·√scale. [feature, dimension]
    private let rows: [Float]
    /// The same in columns. [dimension, width]
    private let columns: [Float]
    /// √scale: what both sides are multiplied by, so that their product has the scale.
    private let root: Float
    /// What is added to every score: −ln of the features that a mean is taken over.
    let offset: Float

    /// What `rectified` adds to every feature.
    private static let floor: Float = 1e-3
    /// `linear` takes lower numbers for this one, whose exponential is the last that is no trace of 0.
    private static let lowest: Float = -80
    /// Products that are smaller may have lost what was too small to be added up.
    static let least: Float = 1e-25

    /// - Parameters:
    ///   - directions: empty for the dimensions themselves. [feature][dimension]
    ///   - scale: what products of queries and keys are multiplied by
    package init(form: Form, directions: [[Double]], dimension: Int, scale: Float) {
        self.form = form
        self.dimension = dimension
        count = form == .linear ? dimension : directions.count
        width = (count + 15) / 16 * 16
        root = scale.squareRoot()
        offset = form == .exponential ? -logf(Float(max(1, count))) : 0
        let root = Double(scale).squareRoot()
        rows = directions.flatMap { $0.map { Float($0 * root) } }
        var columns = [Float](repeating: 0, count: form == .linear ? 0 : dimension * width)
        for (feature, direction) in directions.enumerated() {
            for (i, x) in direction.enumerated() { columns[i * width + feature] = Float(x * root) }
        }
        self.columns = columns
    }

    /// What a query is multiplied by that already has the scale of its products.
    var queryFactor: Float { root == 0 ? 1 : 1 / (root * root) }

    // MARK: Keys

    /// Logarithms of exponential features but for what all of a key share, which goes to `shared`; of other forms the
    /// features themselves.
    /// keys: [dimension, n]   features: [width, n]   shared: [n]   n is a multiple of 16.
    func features(
        of keys: UnsafePointer<Float>, count n: Int, to features: Matrix, shared: UnsafeMutablePointer<Float>
    ) {
        shared.update(repeating: 0, count: n)
        guard form != .linear else {
            for i in 0..<dimension { Self.linear(keys + i * n, count: n, to: features.row(i)) }
            return clear(features, columns: n)
        }
        rows.withUnsafeBufferPointer {
            if let rows = $0.baseAddress { ck_sums(rows, count, dimension, keys, n, nil, features.base) }
        }
        if form == .rectified {
            for feature in 0..<count { Self.rectify(features.row(feature), count: n) }
        } else {
            for i in 0..<dimension {
                let row = keys + i * n
                for j in 0..<n { shared[j] -= row[j] * row[j] }
            }
            for j in 0..<n { shared[j] *= root * root / 2 }
        }
        clear(features, columns: n)
    }

    private func clear(_ features: Matrix, columns n: Int) {
        (features.base + count * n).update(repeating: 0, count: (width - count) * n)
    }

    /// Divides the features of keys by their highest, or by what they were divided by before where that was higher.
    /// - Parameters:
    ///   - used: the keys from here on are none: their features become 0
    ///   - highest: the logarithm of what each was divided by before, −infinity for nothing; then of what it is. [width]
    func divide(
        _ features: Matrix, columns n: Int, used: Int, highest: UnsafeMutablePointer<Float>
    ) {
        for feature in 0..<count {
            let row = features.base + feature * n
            let top = ck_maximum(row, used)
            if form == .exponential {
                highest[feature] = max(highest[feature], top)
                ck_weights(row, 1, used, highest + feature)
            } else {
                highest[feature] = max(highest[feature], logf(max(top, Float.leastNormalMagnitude)))
                let factor = expf(-highest[feature])
                for j in 0..<used { row[j] *= factor }
            }
            (row + used).update(repeating: 0, count: n - used)
        }
    }

    // MARK: Queries

    /// The same of some queries, which have the scale of their products.
    /// states: [row, dimension]   result: [row, width]
    func features(ofQueries states: Matrix, rows n: Int) -> (features: Matrix, shared: [Float]) {
        let features = Matrix(rows: max(1, n), columns: width)
        for row in 0..<n {
            let state = states.row(row)
            for i in 0..<dimension { state[i] *= queryFactor }
        }
        guard form != .linear else {
            for row in 0..<n { Self.linear(states.row(row), count: dimension, to: features.row(row)) }
            return (features, Array(repeating: 0, count: n))
        }
        columns.withUnsafeBufferPointer {
            if let columns = $0.baseAddress { ck_sums(states.base, n, dimension, columns, width, nil, features.base) }
        }
        guard form == .exponential else {
            for row in 0..<n { Self.rectify(features.row(row), count: count) }
            return (features, Array(repeating: 0, count: n))
        }
        let shared = (0..<n).map { row in
            let state = states.row(row)
            var sum: Float = 0
            for i in 0..<dimension { sum += state[i] * state[i] }
            return -sum * root * root / 2
        }
        return (features, shared)
    }

    /// The features of a query, each times what those of the keys were divided by, divided by the highest of all; what
    /// that was, as a logarithm. −infinity where there was no key.
    /// features, highest, weights: [width]
    func weigh(
        _ features: UnsafePointer<Float>, highest: UnsafePointer<Float>, to weights: UnsafeMutablePointer<Float>
    ) -> Float {
        weights.update(from: highest, count: count)
        (weights + count).update(repeating: 0, count: width - count)
        if form == .exponential { ck_add(weights, features, count) }
        var top = ck_maximum(weights, count)
        guard top > -.infinity else {
            weights.update(repeating: 0, count: count)
            return top
        }
        ck_weights(weights, 1, count, &top)
        if form != .exponential { ck_multiply(weights, features, count) }
        return top
    }

    // MARK: One pair

    /// ln(φ(q)·φ(k)), whatever their size, with what the features of either share.
    /// query: [width] as `features` gives it   key: the key's numbers, one every `stride`
    func score(
        query: UnsafePointer<Float>, shared: Float, key: UnsafePointer<Float>, stride: Int
    ) -> Float {
        var square: Double = 0
        for i in 0..<dimension { square += Double(key[i * stride]) * Double(key[i * stride]) }
        var logarithms = [Double](repeating: 0, count: count)
        for feature in 0..<count {
            let (q, k) = (Double(query[feature]), product(feature, key, stride))
            logarithms[feature] = form == .exponential ? q + k : log(q) + k
        }
        let highest = logarithms.max() ?? 0
        let sum = logarithms.reduce(0) { $0 + exp($1 - highest) }
        let ofKey = form == .exponential ? -square * Double(root) * Double(root) / 2 : 0
        return Float(highest + log(sum) + ofKey) + shared + offset
    }

    /// The logarithm of a feature of a key, but for what all of the key's share.
    private func product(_ feature: Int, _ key: UnsafePointer<Float>, _ stride: Int) -> Double {
        if form == .linear {
            let x = max(key[feature * stride], Self.lowest)
            return x > 0 ? log1p(Double(x)) : Double(x)
        }
        var sum: Double = 0
        for i in 0..<dimension { sum += Double(rows[feature * dimension + i]) * Double(key[i * stride]) }
        return form == .rectified ? log(max(sum, 0) + Double(Self.floor)) : sum
    }

    private static func linear(
        _ x: UnsafePointer<Float>, count: Int, to features: UnsafeMutablePointer<Float>
    ) {
        for j in 0..<count { features[j] = min(max(x[j], lowest), 0) }
        var shift: Float = 0
        ck_weights(features, 1, count, &shift)
        for j in 0..<count { features[j] += max(x[j], 0) }
    }

    private static func rectify(_ x: UnsafeMutablePointer<Float>, count: Int) {
        for j in 0..<count { x[j] = max(x[j], 0) + floor }
    }
}
