/// Looks chunks up by their terms, by vectors, or by both.
package struct Retriever<Terms: TermSource> {
    package let chunks: [Chunk]
    package let terms: Terms
    /// Nil where no model made any.
    package let vectors: VectorIndex?
    package var method = BM25()
    /// How many of each list are fused.
    package var depth = 100
    /// The chunks that the vectors are of, in their order; nil for all. Others are found by their terms alone.
    package var withVectors: Range<Int>?

    package init(chunks: [Chunk], terms: Terms, vectors: VectorIndex? = nil) {
        (self.chunks, self.terms, self.vectors) = (chunks, terms, vectors)
    }

    /// The `count` best chunks.
    /// - Throws: what reading the index throws.
    package func find(_ query: RetrievalQuery, count: Int) throws(RetrievalError) -> RetrievalFound {
        let byTerms = try terms.scores(query.words, method)
        var byVector: [Double] = []
        if let vectors, let vector = query.vector { byVector = placed(try vectors.cosines(vector)) }
        let leaks = chunks.map { leak($0, query.place) }
        let lists = lists(byTerms, byVector) { leaks[$0] == nil }
        func standing(_ chunk: Int, _ list: [Int], _ scores: [Double]) -> RetrievalHit.Standing? {
            list.firstIndex(of: chunk).map { RetrievalHit.Standing(score: scores[chunk], rank: $0 + 1) }
        }
        let hits = RankFusion.fused([lists.terms, lists.vectors]).prefix(count).map { id, score in
            RetrievalHit(
                chunk: id, byTerms: standing(id, lists.terms, byTerms),
                byVector: standing(id, lists.vectors, byVector), fused: score)
        }
        guard leaks.contains(where: { $0 != nil }) else { return RetrievalFound(hits: hits, leftOut: []) }
        let all = self.lists(byTerms, byVector) { _ in true }
        let leftOut = RankFusion.fused([all.terms, all.vectors]).prefix(count).enumerated().compactMap { rank, hit in
            leaks[hit.id].map { RetrievalFound.LeftOut(chunk: hit.id, leak: $0, rank: rank + 1) }
        }
        return RetrievalFound(hits: hits, leftOut: leftOut)
    }

    /// The cosines of those that have vectors where their chunks are; −∞ for the others. [chunk]
    private func placed(_ cosines: [Double]) -> [Double] {
        guard let own = withVectors?.clamped(to: chunks.indices) else { return cosines }
        var all = Array(repeating: -Double.infinity, count: chunks.count)
        for (chunk, cosine) in zip(own, cosines) { all[chunk] = cosine }
        return all
    }

    private func lists(
        _ byTerms: [Double], _ byVector: [Double], _ isAllowed: (Int) -> Bool
    ) -> (terms: [Int], vectors: [Int]) {
        (
            Ranking.best(depth, of: byTerms, above: 0, isAllowed: isAllowed),
            Ranking.best(depth, of: byVector, isAllowed: isAllowed)
        )
    }

    private func leak(_ chunk: Chunk, _ place: RetrievalPlace?) -> RetrievalLeak? {
        guard let place, chunk.document == place.document else { return nil }
        if chunk.bytes.overlaps(place.bytes) { return .overlaps }
        return chunk.bytes.lowerBound >= place.bytes.upperBound ? .later : nil
    }
}

extension Retriever: Sendable where Terms: Sendable {}
