import RopewalkLens

/// What the cursor attends to.
struct RowQuestion: Question, Codable {
    let place: HeadQuery

    func answer(_ witness: Witness, _ answers: inout Answers) -> AttentionRow? {
        witness.lens(place.basis)?.row(layer: place.layer, head: place.head, query: place.query)
    }
}

/// The cursor's key with the highest weight (rank 0), or one of the next.
///
/// The first token, which most heads only rest on, counts where it is the only key.
struct StrongKeyQuestion: Question, Codable {
    let place: HeadQuery
    let rank: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> Int? {
        guard let row = answers.answer(to: RowQuestion(place: place)) else { return nil }
        let keys = row.topKeys(rank + 2).map(\.token)
        let others = keys.filter { $0 != 0 }
        let ranked = others.isEmpty ? keys : others
        return ranked.indices.contains(rank) ? ranked[rank] : ranked.last
    }
}

/// What one pair's score is made of.
struct PairQuestion: Question, Codable {
    let place: HeadQuery
    let key: Int
    /// The key's weight in the cursor's row, which has it already.
    let weight: Float

    func answer(_ witness: Witness, _ answers: inout Answers) -> PairScore? {
        witness.lens(place.basis)?.pair(
            layer: place.layer, head: place.head, query: place.query, key: key, weight: weight)
    }
}
