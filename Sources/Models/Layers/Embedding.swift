import RopewalkKernels

/// What a token is before the first block.
struct Embedding: Sendable {
    /// [vocabulary, hidden]
    let tokens: WeightMatrix
    /// Multiplies the token's vector.
    var scale: Float = 1
    /// Learned places: rows from `firstPlace` on.
    var places: WeightMatrix?
    var firstPlace = 0
    /// In place of `places`.
    var axes: AxialPlaces?
    /// Places count tokens other than this one, which keeps the place of its own number (Longformer).
    var padding: Int32?
    /// What a token belongs to, [types, hidden].
    var types: WeightMatrix?
    var norm: Norm?
    /// Makes narrow vectors as wide as the stream; nil where they are.
    var projection: Projection?

    struct Projection: Sendable {
        let matrix: WeightMatrix
        /// Whether the token's vector alone is projected (OPT) in place of all that is added to it and normed (ELECTRA).
        let isFirst: Bool
    }

    /// How many tokens have a place; nil for any number.
    var limit: Int? { places.map { $0.outputs - firstPlace } ?? axes?.count }

    /// The rows of `places` for the tokens of a text.
    func placeRows(_ ids: [Int32]) -> [Int] {
        guard let padding else { return ids.indices.map { firstPlace + $0 } }
        var count = 0
        return ids.map { id in
            guard id != padding else { return Int(padding) }
            count += 1
            return count + Int(padding)
        }
    }

    /// Writes the first states of some tokens.
    func fill(
        _ stream: Matrix, ids: [Int32], tokens range: Range<Int>, types tokenTypes: [Int32]?,
        addition: ((Int, Int) -> [Double])?, workers: Workers
    ) {
        let count = range.count
        let narrow = projection.map { Matrix(rows: count, columns: $0.matrix.inputs) }
        let vectors = projection?.isFirst == true ? projected(ids[range], through: narrow, workers) : nil
        let sums = projection?.isFirst == false ? narrow ?? stream : stream
        let rows = places == nil ? [] : placeRows(ids)
        for (row, token) in range.enumerated() {
            var vector = vectors?.copy(rows: row..<row + 1) ?? Array(tokens.row(Int(ids[token])))
            if scale != 1 { for i in vector.indices { vector[i] *= scale } }
            if let types { Self.add(types.row(Int(tokenTypes?[token] ?? 0)), to: &vector) }
            if let places { Self.add(places.row(rows[token]), to: &vector) }
            if let axes { Self.add(axes.vector(token)[...], to: &vector) }
            if let addition {
                let added = addition(token, vector.count)
                for i in vector.indices { vector[i] += Float(added[i]) }
            }
            sums.setRow(row, to: vector[...])
        }
        // A row is read whole before it is written, so that it may be its own result.
        norm?.apply(to: sums, rows: count, into: sums, workers: workers)
        if let projection, !projection.isFirst {
            projection.matrix.apply(to: sums, rows: count, output: stream, workers: workers)
        }
    }

    /// The vectors of tokens, made as wide as the stream. [token, hidden]
    private func projected(_ ids: ArraySlice<Int32>, through narrow: Matrix?, _ workers: Workers) -> Matrix? {
        guard let narrow, let matrix = projection?.matrix else { return nil }
        for (row, id) in ids.enumerated() { narrow.setRow(row, to: tokens.row(Int(id))) }
        let result = Matrix(rows: ids.count, columns: matrix.outputs)
        matrix.apply(to: narrow, rows: ids.count, output: result, workers: workers)
        return result
    }

    private static func add(_ x: ArraySlice<Float>, to y: inout [Float]) {
        for (i, value) in zip(y.indices, x) { y[i] += value }
    }
}
