import RopewalkPhrases
import RopewalkRetrieval

/// Our BM25 beside that of SQLite's full-text search (FTS5) on the same chunks.
struct FullTextComparison: Encodable {
    /// The highest difference of FTS5's BM25 of a chunk from ours with FTS5's idf, on the same terms.
    let largestDifference: Double
    /// The best chunks by our BM25, by FTS5's on the same terms, by FTS5's with its own words. The best first.
    let ours: [Int]
    let sameTerms: [Int]
    let ownWords: [Int]

    init(_ corpus: RetrievalCorpus, _ question: String, count: Int) throws(RetrievalError) {
        let terms = corpus.terms()
        let texts = corpus.chunks.lazy.map { corpus.string($0) }
        let found = try FullTextIndex(texts, reading: .terms).scores(question)
        let expected = try terms.scores(question, BM25(rarity: .fts5))
        largestDifference = expected.enumerated().reduce(0) { max($0, abs($1.element - (found[$1.offset] ?? 0))) }
        ours = Ranking.best(count, of: try terms.scores(question), above: 0)
        func best(_ scores: [Int: Double]) -> [Int] {
            Ranking.best(count, of: corpus.chunks.indices.map { scores[$0] ?? 0 }, above: 0)
        }
        sameTerms = best(found)
        ownWords = best(try FullTextIndex(texts, reading: .words).scores(question))
    }

    var text: String {
        func common(_ others: [Int]) -> Int { Set(ours).intersection(others).count }
        let difference = largestDifference < 1e-12 ? "10⁻¹²" : "\(largestDifference)"
        return say(
            """
            FTS5 on the same terms: its BM25 and ours with its idf differ by less than \(difference); of our best \(ours.count) chunks \
            it has \(common(sameTerms)). With its own words (unicode61, a run of ideographs is one): \(common(ownWords))\n
            """)
    }
}
