import RopewalkKernels

extension Model {
    /// The table of learned places that a kind of attention's queries read; nil where the model has none.
    package func learnedPlaces(_ kind: AttentionKind) -> LearnedPlaces? {
        let stack = kind == .encoder ? architecture.encoder : architecture.decoder
        guard let embedding = stack?.embedding, let table = embedding.places else { return nil }
        return LearnedPlaces(embedding: embedding, table: table)
    }
}

/// The learned vectors of places, one a token, which are added to the embedding.
package struct LearnedPlaces: Sendable {
    let embedding: Embedding
    let table: WeightMatrix

    /// Rows of the table; some families have a few before the first place.
    package var rows: Int { table.outputs }
    /// Numbers of a row.
    package var size: Int { table.inputs }

    /// The row that each token of a text reads.
    package func rows(of ids: [Int32]) -> [Int] { embedding.placeRows(ids) }

    /// The cosine of the angle between two rows, −1 to 1; nil where the table has no such row.
    package func similarity(_ a: Int, _ b: Int) -> Float? {
        guard (0..<rows).contains(a), (0..<rows).contains(b) else { return nil }
        let (one, other) = (table.row(a), table.row(b))
        var (product, first, second): (Float, Float, Float) = (0, 0, 0)
        for (x, y) in zip(one, other) {
            product += x * y
            first += x * x
            second += y * y
        }
        let norms = (first * second).squareRoot()
        return norms > 0 ? product / norms : 0
    }
}
