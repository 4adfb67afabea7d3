/// Reciprocal rank fusion: several rankings of the same things become one.
package enum RankFusion {
    /// What is added to a rank, so that the first places do not decide everything (Cormack, Clarke, Büttcher 2009).
    package static let constant = 60

    /// Σ 1 / (constant + rank) over the lists that have it, ranks from 1; the highest first, of equal ones the lower id.
    /// - Parameter lists: the best first, each thing once
    package static func fused<ID: Hashable & Comparable>(
        _ lists: [[ID]], constant: Int = RankFusion.constant
    ) -> [(id: ID, score: Double)] {
        var scores: [ID: Double] = [:]
        for list in lists {
            for (place, id) in list.enumerated() { scores[id, default: 0] += 1 / Double(constant + place + 1) }
        }
        return scores.map { (id: $0.key, score: $0.value) }.sorted { ($1.score, $0.id) < ($0.score, $1.id) }
    }
}
