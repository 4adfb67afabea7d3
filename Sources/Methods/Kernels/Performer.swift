/// Random features whose products are the softmax's exponentials in the mean.
package struct Performer: KernelMethod, Equatable {
    package static let description = MethodDescription(
        name: "performer", family: .kernel, title: "Performer, FAVOR+",
        summary:
            "Estimates the exponentials of the model's own scores by products of random features: right in the mean, and "
            + "the further off the longer queries and keys are and the fewer features there are. Another seed draws other "
            + "directions, which all heads of a layer share. The estimate factors, so that a decoder keeps m·(d + 1) numbers a "
            + "head however long the text.",
        source:
            "Choromanski et al., Rethinking Attention with Performers, 2020 (arXiv 2009.14794), 256 features in its code; the "
            + "epsilon that its code adds to features is left out: none is rounded to 0 here, and what it is measured by, the "
            + "highest of all keys, is not known before the text ends",
        parameters: [
            ParameterDescription(
                "features", meaning: "random directions m", default: 256, range: 1...4096, isInteger: true),
            .kind(
                "kind",
                "positive features; hyperbolic or trigonometric ones, two a direction; relu, a kernel of its own",
                of: ["positive", "hyperbolic", "trigonometric", "relu"]),
            .flag("orthogonal", "whether each d directions are at right angles, which errs less", default: true),
            ParameterDescription(
                "seed", meaning: "another one draws other directions", default: 0, range: 0...Double(highestSeed),
                isInteger: true),
        ],
        flops: "8·N·m·d a head as a recurrence: features of q and k, and their products",
        memory: "m·(d + 1) numbers a head, of no token; twice that with two features a direction")

    package static let highestSeed = 9_999

    package let features: Int
    package let form: KernelForm
    package let isOrthogonal: Bool
    package let seed: Int

    package init(features: Int, form: KernelForm = .positive, isOrthogonal: Bool = true, seed: Int = 0) {
        self.features = features
        self.form = form
        self.isOrthogonal = isOrthogonal
        self.seed = seed
    }

    package init(values: [Double]) {
        self.init(
            features: Int(values[0]), form: KernelForm(rawValue: Int(values[1])) ?? .positive,
            isOrthogonal: values[2] != 0, seed: Int(values[3]))
    }
    package var values: [Double] { [Double(features), Double(form.rawValue), isOrthogonal ? 1 : 0, Double(seed)] }

    package func featureCount(dimension: Int) -> Int { features * form.perDirection }

    /// Gaussian rows; orthogonal ones come in blocks of `dimension`, each with the length of another Gaussian row.
    package func directions(layer: Int, dimension: Int) -> [[Double]] {
        var random = GaussianNumbers(seed: UInt64(seed) &* 1_000_003 &+ UInt64(layer))
        guard isOrthogonal, dimension > 0 else {
            return (0..<features).map { _ in random.row(dimension) }
        }
        var rows: [[Double]] = []
        while rows.count < features {
            let block = Self.orthonormal((0..<dimension).map { _ in random.row(dimension) })
            for row in block where rows.count < features {
                let length = random.row(dimension).reduce(0) { $0 + $1 * $1 }.squareRoot()
                rows.append(row.map { $0 * length })
            }
        }
        return rows
    }

    /// Rows of unit length at right angles to each other that span what the given ones do (Gram and Schmidt).
    private static func orthonormal(_ rows: [[Double]]) -> [[Double]] {
        var result: [[Double]] = []
        for row in rows {
            var row = row
            // Twice, since once leaves what rounding took away.
            for _ in 0..<2 {
                for other in result {
                    var product = 0.0
                    for i in row.indices { product += row[i] * other[i] }
                    for i in row.indices { row[i] -= product * other[i] }
                }
            }
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            result.append(row.map { $0 / max(length, .leastNormalMagnitude) })
        }
        return result
    }
}
