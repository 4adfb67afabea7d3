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
    /// Places count tokens other than this one, which keeps the place of its own number (Longformer).
    var padding: Int32?
    /// What a token belongs to, [types, hidden].
    var types: WeightMatrix?
    var norm: Norm?

    /// How many tokens have a place; nil for any number.
    var limit: Int? { places.map { $0.outputs - firstPlace } }

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
        addition: ((Int, Int) -> [Double])?
    ) {
        let rows = places == nil ? [] : placeRows(ids)
        for (row, token) in range.enumerated() {
            var vector = Array(tokens.row(Int(ids[token])))
            if scale != 1 { for i in vector.indices { vector[i] *= scale } }
            if let types { Self.add(types.row(Int(tokenTypes?[token] ?? 0)), to: &vector) }
            if let places { Self.add(places.row(rows[token]), to: &vector) }
            if let addition {
                let added = addition(token, vector.count)
                for i in vector.indices { vector[i] += Float(added[i]) }
            }
            stream.setRow(row, to: vector[...])
        }
    }

    private static func add(_ x: ArraySlice<Float>, to y: inout [Float]) {
        for (i, value) in zip(y.indices, x) { y[i] += value }
    }
}
