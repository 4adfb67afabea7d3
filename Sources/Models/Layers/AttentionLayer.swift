import Foundation
import RopewalkKernels
import RopewalkMethods

/// The projections of one layer's attention.
struct AttentionLayer: Sendable {
    let query: WeightMatrix
    let key: WeightMatrix
    let value: WeightMatrix
    let output: WeightMatrix
    /// RMS norms of every head before rotation.
    var queryNorm: Norm?
    var keyNorm: Norm?
    var valueNorm: Norm?
    /// The layer whose keys and values it reads in place of its own (Gemma 3n); its projections are those of that layer.
    var keysOf: Int?
    /// Queries, keys and values beyond ±clip are cut off.
    var clip: Float?
    /// A score of each head that takes its share of the softmax and has no value (gpt-oss).
    var sinks: [Float]?
    /// Queries grow with their place in the text.
    var temperature: QueryTemperature?
    /// Keys and values are made of a narrow state that all heads share (DeepSeek).
    var latent: LatentProjections?
    /// Scores have a product of the query with a sinusoid of the distance (XLNet).
    var relative: RelativeProjections?
    /// What global tokens have in place of the projections above.
    var global: GlobalProjections?

    /// Longformer's second set of projections.
    struct GlobalProjections: Sendable {
        let query: WeightMatrix
        let key: WeightMatrix
        let value: WeightMatrix
    }
}

/// Queries are multiplied by 1 + scale · ln(1 + ⌊(place + first) / period⌋) (Llama 4, Ministral 3).
struct QueryTemperature: Sendable {
    let scale: Float
    let period: Int
    /// What the first token counts as.
    var first = 0

    /// The formula: "1 + 0.1 · ln(1 + ⌊(q + 1) / 8,192⌋)".
    var text: String {
        let place = first == 0 ? "q" : "(q + \(first))"
        return "1 + \(scale) · ln(1 + ⌊\(place) / \(period.grouped)⌋)"
    }

    func factor(_ place: Int) -> Float { 1 + scale * log1pf(Float((place + first) / period)) }
}

extension AttentionLayer {
    /// Queries, keys and values of some tokens where they are more than a product with one matrix each.
    /// - Returns: whether they are; if not, nothing has been written
    func projectInParts(
        _ input: Matrix, rows: Int, shape: ModelShape, queries: Matrix, keys: Matrix, values: Matrix, workers: Workers
    ) -> Bool {
        latent?.project(
            self, of: input, rows: rows, shape: shape, queries: queries, keys: keys, values: values, workers: workers)
        relative?.project(
            self, of: input, rows: rows, shape: shape, queries: queries, keys: keys, values: values, workers: workers)
        return latent != nil || relative != nil
    }

    /// What heads give, without the zeros where values are shorter than keys. [row, heads · numbers of a value]
    /// - Parameter context: [row, heads · dimension]
    func narrowed(_ context: Matrix, rows: Int, shape: ModelShape) -> Matrix {
        guard let size = latent?.valueDimension ?? relative?.valueDimension else { return context }
        let result = Matrix(rows: rows, columns: shape.heads * size)
        let d = shape.headDimension
        for head in 0..<shape.heads {
            result.setColumns(head * size, to: context, head * d..<head * d + size, rows: rows)
        }
        return result
    }

    /// The same with the rows of a family that publishes dimensions that turn together beside each other.
    func splittingPairs(_ shape: ModelShape) -> AttentionLayer {
        func rows(_ heads: Int) -> [Int] {
            RotaryRows.paired(heads: heads, dimension: shape.headDimension, turned: shape.rotaryDimensions)
        }
        var layer = AttentionLayer(
            query: query.gathering(rows: rows(shape.heads)), key: key.gathering(rows: rows(shape.keyValueHeads)),
            value: value, output: output)
        layer.queryNorm = queryNorm?.gathering(rows(queryNorm?.heads ?? 1))
        layer.keyNorm = keyNorm?.gathering(rows(keyNorm?.heads ?? 1))
        return layer
    }
}
