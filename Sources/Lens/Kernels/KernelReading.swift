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
        package let estimated: Float
    }

    package let query: Int
    /// Half the sum of what weights change by: the attention that is moved, 0 to 1.
    package let moved: Float
    /// Σ p ln(p/q) from the exact weights p to the estimated q, nats; +infinity where a key is lost.
    package let divergence: Float
    /// |output − exact output| / |exact output| of the head.
    package let outputError: Float
    /// ln of the estimated exponential less the exact score, key by key in order of size; empty where features stand for
    /// no exponential.
    package let logErrors: [Float]
    /// The keys whose weights change most, the most first.
    package let keys: [Key]
}

/// The same over some rows of a head, with so many features.
package struct KernelError: Equatable, Sendable {
    package let features: Int
    /// Rows that were looked at.
    package let rows: Int
    /// Means over them.
    package let moved: Float
    package let outputError: Float
}

/// Two maps of a head, the model's own and the estimated one.
package struct KernelMaps: Equatable, Sendable {
    package let exact: MapImage
    package let estimated: MapImage
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
        var errors: [Float] = []
        if kernel.form.isEstimate {
            let scores = (rawScores(layer, head, query, end), exact.rawScores(layer, head, query, end))
            let visible = visibleKeys(query, layer: layer, head: head)
            errors = (0..<end).filter(visible.contains).map { scores.0[$0] - scores.1[$0] }.sorted()
        }
        return KernelRow(
            query: query, moved: changes.reduce(0, +) / 2, divergence: Self.divergence(p, q),
            outputError: outputError(own, exact, reference, row: 0, layer: layer, head: head), logErrors: errors,
            keys: strongest.map { KernelRow.Key(token: $0.token, exact: p[$0.token], estimated: q[$0.token]) })
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
            moved: moved / Float(number), outputError: error / Float(number))
    }

    /// Small maps of a head under the model's own attention and under the kernel; nil without one.
    package func kernelMaps(layer: Int, head: Int, side: Int) -> KernelMaps? {
        guard scenario.kernel != nil, has(layer: layer, head: head, token: 0) else { return nil }
        return KernelMaps(
            exact: withSoftmax.thumbnail(layer: layer, head: head, side: side, pooling: .mean),
            estimated: thumbnail(layer: layer, head: head, side: side, pooling: .mean))
    }

    /// How the state of a head fills up; nil where its attention is no recurrence.
    package func kernelFilling(layer: Int, head: Int, points: Int) -> KernelFilling? {
        guard has(layer: layer, head: head, token: 0), setup.isRecurrent(layer: layer),
            let map = setup.rules[layer].features
        else { return nil }
        let (keyHead, tokens) = (keyValueHead(of: head), recording.tokens)
        let blocks = (tokens + FeatureState.block - 1) / FeatureState.block
        let every = max(1, (blocks + max(1, points) - 1) / max(1, points)) * FeatureState.block
        let filling = FeatureFilling(
            map: map, tiles: recording.keyTiles(layer: layer, keyValueHead: keyHead, tokens: 0..<tokens),
            table: setup.positions(layer).keys[0], tokens: tokens, every: every
        ) { recording.valueRows(layer: layer, keyValueHead: keyHead, tokens: $0) }
        return KernelFilling(filling)
    }
}
