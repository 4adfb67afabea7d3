/// What retrieval finds for the chunks of a text beside what a model reads of them.
package struct RetrievalAgreement: Equatable, Sendable {
    /// Chunks that were looked up for each chunk, the best first. [query chunk]
    package let retrieved: [[Int]]
    /// Attention of each chunk's tokens on each chunk, 0 to 1. [query chunk][chunk]
    package let attention: [[Float]]
    /// How many chunks end before a chunk begins: only these are looked up for it and compared. [query chunk]
    package let earlier: [Int]

    /// - Parameter earlier: nil where chunks have nothing in common, so that all before one end before it
    package init(retrieved: [[Int]], attention: [[Float]], earlier: [Int]? = nil) {
        (self.retrieved, self.attention) = (retrieved, attention)
        self.earlier =
            earlier.map { zip($0, retrieved.indices).map { min(max(0, $0), $1) } } ?? Array(retrieved.indices)
    }

    /// How many chunks end before each begins. [chunk]
    /// - Parameter chunks: of one document, in its order
    package static func earlier(_ chunks: [Chunk]) -> [Int] {
        chunks.map { chunk in chunks.prefix { $0.bytes.upperBound <= chunk.bytes.lowerBound }.count }
    }

    private func isAsked(_ chunk: Int) -> Bool {
        [attention.count, retrieved.count, earlier.count].allSatisfy { chunk >= 0 && chunk < $0 }
    }

    /// The chunks before a chunk that the model reads most, the most first, as many as were retrieved.
    package func read(_ chunk: Int) -> [Int] {
        guard isAsked(chunk) else { return [] }
        let weights = attention[chunk].prefix(earlier[chunk]).map { Double($0) }
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
        return count > 0 ? Double(count) / Double(earlier[chunk]) : nil
    }

    /// The share of the attention on earlier chunks that the retrieved ones get; nil where there is none.
    package func mass(_ chunk: Int) -> Double? {
        guard isAsked(chunk), !retrieved[chunk].isEmpty else { return nil }
        let weights = attention[chunk].prefix(earlier[chunk])
        let all = weights.reduce(0.0) { $0 + Double($1) }
        guard all > 0 else { return nil }
        return retrieved[chunk].filter { weights.indices.contains($0) }.reduce(0) { $0 + Double(weights[$1]) } / all
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
