import Foundation
import RopewalkKernels
import RopewalkMethods
import RopewalkModels

/// How far products of features stand from the exponentials that they take the place of, in one row of a head; the exact
/// row is that of the model's own attention on the same states.
package struct KernelRow: Equatable, Sendable {
    package struct Key: Equatable, Sendable {
        package let token: Int
        package let exact: Float
        /// As values are multiplied by it: below 0 where signs are.
        package let estimated: Float
        /// The size of `estimated` as a share of all sizes of the row: what `exact` can be held to.
        package let share: Float
    }

    /// What is to be said of weights that may be below 0.
    package struct Signs: Equatable, Sendable {
        /// Σ |weight| of those below 0, as a share of all.
        package let negative: Float
        /// What the row is divided by, where that is a sum; nil where it is none.
        package let sum: Float?

        package init(negative: Float, sum: Float?) {
            self.negative = negative
            self.sum = sum
        }
    }

    package let query: Int
    /// Half the sum of what weights change by: the attention that is moved, 0 to 1; NaN where weights may be below 0.
    package let moved: Float
    /// Σ p ln(p/q) from the exact weights p to the estimated q, nats; +infinity where a key is lost, NaN where weights may
    /// be below 0.
    package let divergence: Float
    /// |output − exact output| / |exact output| of the head.
    package let outputError: Float
    /// ln of the estimated exponential less the exact score, key by key in order of size; empty where features stand for
    /// no exponential.
    package let logErrors: [Float]
    /// The keys whose weights change most, the most first; where they may be below 0, by their shares of the row.
    package let keys: [Key]
    /// Nil where weights are shares.
    package var signs: Signs? = nil
}

/// The same over some rows of a head, with so many features.
package struct KernelError: Equatable, Sendable {
    package let features: Int
    /// Rows that were looked at.
    package let rows: Int
    /// Means over them; `moved` is NaN where weights may be below 0.
    package let moved: Float
    package let outputError: Float
}

/// Two maps of a head, the model's own and the estimated one.
package struct KernelMaps: Equatable, Sendable {
    package let exact: MapImage
    /// Where weights may be below 0, their sizes as shares of their rows.
    package let estimated: MapImage
    /// Those weights as they are, means over cells; nil where they are shares.
    package var signed: MapImage? = nil
}

/// How the state of a head fills up along a text.
package struct KernelFilling: Equatable, Sendable {
    /// Tokens that the state has taken, at every look at it.
    package let tokens: [Int]
    /// |Σ φ(k)| and |Σ φ(k)·vᵀ| as shares of their highest.
    package let sums: [Float]
    package let values: [Float]

    package init(tokens: [Int], sums: [Float], values: [Float]) {
        self.tokens = tokens
        self.sums = sums
        self.values = values
    }

    init(_ filling: FeatureFilling) {
        func shares(_ logarithms: [Float]) -> [Float] {
            let highest = logarithms.max() ?? 0
            return logarithms.map { highest.isFinite ? expFloat($0 - highest) : 0 }
        }
        tokens = filling.tokens
        (sums, values) = (shares(filling.sums), shares(filling.values))
    }
}

extension Lens {
    /// The same states under the softmax that the scenario's kernel takes the place of.
    private var withSoftmax: Lens {
        var scenario = scenario
        scenario.kernel = nil
        return with(scenario)
    }

    /// What the kernel does to a row; nil without one, and where the query is not recorded.
    package func kernelRow(layer: Int, head: Int, query: Int, keys count: Int = 12) -> KernelRow? {
        guard let kernel = scenario.kernel else { return nil }
        let exact = withSoftmax
        guard let own = FullRows(self, layer: layer, head: head, queries: [query]),
            let reference = FullRows(exact, layer: layer, head: head, queries: [query])
        else { return nil }
        let end = keyEnd(query)
        let p = reference.weights.copy(row: 0, columns: 0..<end)
        let q = own.weights.copy(row: 0, columns: 0..<end)
        let changes = zip(p, q).map { abs($0 - $1) }
        let strongest = TopTokens.highest(count, in: changes, firstIndex: 0)
        let error = outputError(own, exact, reference, row: 0, layer: layer, head: head)
        if let map = setup.rules[layer].signed {
            let signed = SignedWeights(map, lens: self, layer: layer, head: head, queries: [query])
            let weights = signed.weights.copy(row: 0, columns: 0..<end)
            return KernelRow(
                query: query, moved: .nan, divergence: .nan, outputError: error,
                logErrors: kernel.form.isEstimate ? logErrors(signed, exact, layer, head, query) : [],
                keys: strongest.map {
                    KernelRow.Key(
                        token: $0.token, exact: p[$0.token], estimated: weights[$0.token], share: q[$0.token])
                },
                signs: KernelRow.Signs(
                    negative: zip(weights, q).reduce(0) { $1.0 < 0 ? $0 + $1.1 : $0 },
                    sum: map.normaliser == .sum ? Float(signed.divisors[0]) : nil))
        }
        var errors: [Float] = []
        if kernel.form.isEstimate {
            let scores = (rawScores(layer, head, query, end), exact.rawScores(layer, head, query, end))
            let visible = visibleKeys(query, layer: layer, head: head)
            errors = (0..<end).filter(visible.contains).map { scores.0[$0] - scores.1[$0] }.sorted()
        }
        return KernelRow(
            query: query, moved: changes.reduce(0, +) / 2, divergence: Self.divergence(p, q),
            outputError: error, logErrors: errors,
            keys: strongest.map {
                KernelRow.Key(token: $0.token, exact: p[$0.token], estimated: q[$0.token], share: q[$0.token])
            })
    }

    /// Of estimates that are above 0: the others have no logarithm.
    private func logErrors(
        _ signed: SignedWeights, _ exact: Lens, _ layer: Int, _ head: Int, _ query: Int
    ) -> [Float] {
        let end = keyEnd(query)
        let scores = exact.rawScores(layer, head, query, end)
        let weights = signed.weights.copy(row: 0, columns: 0..<end)
        let shared = signed.products.top + signed.products.logFactors[0]
        return weights.indices.compactMap { key in
            let product = Double(weights[key]) * signed.divisors[0]
            return product > 0 ? Float(log(product)) + shared - scores[key] : nil
        }.sorted()
    }

    private func rawScores(_ layer: Int, _ head: Int, _ query: Int, _ end: Int) -> [Float] {
        let tiles = recording.keyTiles(layer: layer, keyValueHead: keyValueHead(of: head), tokens: 0..<end)
        return scoreRows(layer: layer, head: head, queries: [query]).scores(with: tiles, workers: workers)
            .copy(row: 0, columns: 0..<end)
    }

    private static func divergence(_ p: [Float], _ q: [Float]) -> Float {
        var sum = 0.0
        for (p, q) in zip(p, q) where p > 0 {
            guard q > 0 else { return .infinity }
            sum += Double(p) * log(Double(p) / Double(q))
        }
        return Float(max(0, sum))
    }

    private func outputError(
        _ own: FullRows, _ exact: Lens, _ reference: FullRows, row: Int, layer: Int, head: Int
    ) -> Float {
        let estimated = output(own, row: row, layer: layer, head: head)
        let full = exact.output(reference, row: row, layer: layer, head: head)
        let norm = full.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let difference = zip(estimated, full).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        return norm > 0 ? difference / norm : 0
    }

    /// The same with so many features, over some rows of the head, evenly spread; nil without a kernel.
    /// - Parameter features: nil for the scenario's own
    package func kernelError(layer: Int, head: Int, features: Int? = nil, rows count: Int = 12) -> KernelError? {
        guard var lens = scenario.kernel.map({ _ in self }), recording.tokens > 0 else { return nil }
        if let features, let own = scenario.kernel as? Performer {
            var scenario = scenario
            scenario.kernel = Performer(
                features: features, form: own.form, isOrthogonal: own.isOrthogonal, seed: own.seed)
            lens = with(scenario)
        }
        let number = min(count, recording.tokens)
        let queries = (0..<number).map { ($0 * 2 + 1) * recording.tokens / (2 * number) }
        let exact = withSoftmax
        guard let own = FullRows(lens, layer: layer, head: head, queries: queries),
            let reference = FullRows(exact, layer: layer, head: head, queries: queries)
        else { return nil }
        var (moved, error): (Float, Float) = (0, 0)
        for (row, query) in queries.enumerated() {
            let (p, q) = (
                reference.weights.copy(row: row, columns: 0..<keyEnd(query)),
                own.weights.copy(row: row, columns: 0..<keyEnd(query))
            )
            moved += zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
            error += lens.outputError(own, exact, reference, row: row, layer: layer, head: head)
        }
        let dimension = shape.headDimension
        return KernelError(
            features: lens.scenario.kernel?.featureCount(dimension: dimension) ?? dimension, rows: number,
            moved: isSigned(layer: layer) ? .nan : moved / Float(number), outputError: error / Float(number))
    }

    /// Small maps of a head under the model's own attention and under the kernel; nil without one.
    package func kernelMaps(layer: Int, head: Int, side: Int) -> KernelMaps? {
        guard scenario.kernel != nil, has(layer: layer, head: head, token: 0) else { return nil }
        return KernelMaps(
            exact: withSoftmax.thumbnail(layer: layer, head: head, side: side, pooling: .mean),
            estimated: thumbnail(layer: layer, head: head, side: side, pooling: .mean),
            signed: isSigned(layer: layer) ? signedThumbnail(layer: layer, head: head, side: side) : nil)
    }

    /// How the state of a head fills up; nil where its attention is no recurrence.
    package func kernelFilling(layer: Int, head: Int, points: Int) -> KernelFilling? {
        guard has(layer: layer, head: head, token: 0), setup.isRecurrent(layer: layer) else { return nil }
        let (keyHead, tokens) = (keyValueHead(of: head), recording.tokens)
        let blocks = (tokens + FeatureState.block - 1) / FeatureState.block
        let every = max(1, (blocks + max(1, points) - 1) / max(1, points)) * FeatureState.block
        let tiles = recording.keyTiles(layer: layer, keyValueHead: keyHead, tokens: 0..<tokens)
        let table = setup.positions(layer).keys[0]
        let values: (Range<Int>) -> [Float] = {
            recording.valueRows(layer: layer, keyValueHead: keyHead, tokens: $0)
        }
        if let map = setup.rules[layer].signed {
            return KernelFilling(
                FeatureFilling(
                    map, keyHead: keyHead, tiles: tiles, table: table, tokens: tokens, every: every, values: values))
        }
        return setup.rules[layer].features.map { map in
            KernelFilling(
                FeatureFilling(map: map, tiles: tiles, table: table, tokens: tokens, every: every, values: values))
        }
    }
}
