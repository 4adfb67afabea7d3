/// What retrieval finds for the chunks of a text beside what a model reads of them.
package struct RetrievalAgreement: Equatable, Sendable {
    /// Chunks that were looked up for each chunk, the best first. [query chunk]
    package let retrieved: [[Int]]
    /// Attention of each chunk's tokens on each chunk, 0 to 1. [query chunk][chunk]
    package let attention: [[Float]]

    package init(retrieved: [[Int]], attention: [[Float]]) {
        (self.retrieved, self.attention) = (retrieved, attention)
    }

    /// The chunks before a chunk that the model reads most, the most first, as many as were retrieved.
    package func read(_ chunk: Int) -> [Int] {
        guard attention.indices.contains(chunk), retrieved.indices.contains(chunk) else { return [] }
        let weights = attention[chunk].prefix(chunk).map { Double($0) }
        return Ranking.best(retrieved[chunk].count, of: weights)
    }

    /// The share of the chunks that the model reads most which were retrieved too, 0 to 1; nil where nothing was.
    package func recall(_ chunk: Int) -> Double? {
        let wanted = read(chunk)
        guard !wanted.isEmpty else { return nil }
        let found = Set(retrieved[chunk])
        return Double(wanted.count { found.contains($0) }) / Double(wanted.count)
    }

    /// What choosing blindly would give on average: chunks retrieved of those before.
    package func chance(_ chunk: Int) -> Double? {
        let count = read(chunk).count
        return count > 0 ? Double(count) / Double(chunk) : nil
    }

    /// The share of the attention on earlier chunks that the retrieved ones get; nil where there is none.
    package func mass(_ chunk: Int) -> Double? {
        guard attention.indices.contains(chunk), retrieved.indices.contains(chunk), !retrieved[chunk].isEmpty else {
            return nil
        }
        let earlier = attention[chunk].prefix(chunk)
        let all = earlier.reduce(0.0) { $0 + Double($1) }
        guard all > 0 else { return nil }
        return retrieved[chunk].filter { $0 < chunk }.reduce(0) { $0 + Double(earlier[$1]) } / all
    }

    /// Means over the chunks that have them.
    package var mean: (recall: Double, chance: Double, mass: Double)? {
        let chunks = retrieved.indices.filter { recall($0) != nil }
        guard !chunks.isEmpty else { return nil }
        func mean(_ value: (Int) -> Double?) -> Double {
            let values = chunks.compactMap(value)
            return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        }
        return (mean(recall), mean(chance), mean(mass))
    }
}
