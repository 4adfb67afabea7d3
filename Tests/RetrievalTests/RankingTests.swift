import Foundation
import RopewalkFormats
import Testing

@testable import RopewalkRetrieval

/// Rankings, their fusion, vectors, and what an answer's probability is over several documents.
struct RankingTests {
    @Test func theWorkedExampleOfFusion() throws {
        let (inputs, outputs) = try Vectors.example("rrf_k60")
        let lists = (inputs["lists"]?.array ?? []).map(Vectors.texts)
        let fused = RankFusion.fused(lists)
        #expect(fused.map(\.id) == Vectors.texts(outputs["order"]))
        for (id, score) in fused { #expect(abs(score - (outputs["scores"]?[id]?.number ?? 0)) < 1e-9) }
    }

    @Test func theWorkedExampleOfRAG() throws {
        let (inputs, outputs) = try Vectors.example("rag_sequence_vs_token")
        let priors = Vectors.numbers(inputs["p_z"]).map { log($0) }
        let tokens = (inputs["p_y_given_z"]?.array ?? []).map { Vectors.numbers($0).map { log($0) } }
        #expect(
            abs(exp(RAGScore.sequence(priors: priors, tokens: tokens)) - (outputs["rag_sequence"]?.number ?? 0)) < 1e-12
        )
        #expect(abs(exp(RAGScore.token(priors: priors, tokens: tokens)) - (outputs["rag_token"]?.number ?? 0)) < 1e-12)
    }

    @Test func probabilitiesThatNoDoubleHoldsAreAddedAsLogarithms() {
        let tokens = [[Double](repeating: -500, count: 8), [Double](repeating: -501, count: 8)]
        let priors = RAGScore.priors([1, 1])
        #expect(abs(priors[0] - log(0.5)) < 1e-15)
        #expect(abs(RAGScore.sequence(priors: priors, tokens: tokens) - (log(0.5) - 4000)) < 1e-3)
        let each = log(0.5 * (1 + exp(-1.0))) - 500
        #expect(abs(RAGScore.token(priors: priors, tokens: tokens) - 8 * each) < 1e-9)
        #expect(RAGScore.sequence(priors: [], tokens: []) == -.infinity)
    }

    @Test func theBestOfManyAreThoseOfSorting() {
        var random = SmallGenerator(seed: 5)
        for count in [0, 1, 7, 200] {
            let scores = (0..<100).map { _ in Double(Int.random(in: 0...20, using: &random)) }
            let sorted = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
            #expect(Ranking.best(count, of: scores) == Array(sorted.prefix(count)))
            #expect(
                Ranking.best(count, of: scores, above: 3) { $0 % 2 == 0 }
                    == Array(sorted.filter { scores[$0] > 3 && $0 % 2 == 0 }.prefix(count)))
        }
    }

    @Test func cosinesAreThoseOfTheFormula() throws {
        var random = SmallGenerator(seed: 9)
        let vectors = (0..<20).map { _ in (0..<13).map { _ in Float.random(in: -1...1, using: &random) } }
        let index = try VectorIndex(
            vectors + [[Float](repeating: 0, count: 13), [.nan] + [Float](repeating: 1, count: 12)])
        let query = vectors[3].map { $0 * 7 }
        let found = try index.cosines(query)
        for (vector, cosine) in zip(vectors, found) {
            let dot = zip(vector, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let lengths = [vector, query].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
            #expect(abs(dot / (lengths[0] * lengths[1]) - cosine) < 1e-6)
        }
        #expect(found[20] == 0 && found[21] == 0)
        #expect(throws: RetrievalError.vectors(found: 2, expected: 13)) { try index.cosines([1, 2]) }
        #expect(throws: RetrievalError.vectors(found: 1, expected: 2)) { try VectorIndex([[1, 2], [1]]) }
    }

    private static func retriever(_ vectors: VectorIndex? = nil) -> Retriever<TermIndex> {
        let texts = ["rope walk", "white whale", "rope whale", "a rope", "whale rope whale"]
        let whole = Array(texts.joined().utf8)
        var start = 0
        let chunks = texts.map { text -> Chunk in
            defer { start += text.utf8.count }
            return Chunk(document: 0, bytes: start..<start + text.utf8.count, units: 0..<2)
        }
        let other = Chunk(document: 1, bytes: 0..<9, units: 0..<2)
        return Retriever(
            chunks: chunks + [other],
            terms: TermIndex([whole, Array("rope whale".utf8)], (chunks + [other]).map { ($0.document, $0.bytes) }),
            vectors: vectors)
    }

    @Test func whatComesLaterOrOverlapsIsLeftOutAndShown() throws {
        let retriever = Self.retriever()
        let place = RetrievalPlace(document: 0, bytes: retriever.chunks[2].bytes)
        let found = try retriever.find(RetrievalQuery(words: "rope whale", place: place), count: 6)
        #expect(Set(found.hits.map(\.chunk)) == [0, 1, 5])
        #expect(Set(found.leftOut.map(\.chunk)) == [2, 3, 4])
        #expect(found.leftOut.first { $0.chunk == 2 }?.leak == .overlaps)
        #expect(found.leftOut.first { $0.chunk == 4 }?.leak == .later)
        let all = try retriever.find(RetrievalQuery(words: "rope whale"), count: 6)
        #expect(all.hits.count == 6 && all.leftOut.isEmpty)
        #expect(all.hits[0].byTerms?.rank == 1 && all.hits[0].byVector == nil && all.hits[0].fused == 1.0 / 61)
    }

    @Test func twoListsAreFused() throws {
        let vectors = try VectorIndex((0..<6).map { [Float($0), 1] })
        let found = try Self.retriever(vectors).find(RetrievalQuery(words: "white", vector: [1, 0]), count: 3)
        // By terms chunk 1 alone; by vectors 5, 4, 3, 2, 1, 0.
        #expect(found.hits[0].chunk == 1 && found.hits[0].byVector?.rank == 5)
        #expect(found.hits[0].fused == 1.0 / 61 + 1.0 / 65)
        #expect(found.hits.map(\.chunk) == [1, 5, 4] && found.hits[1].byTerms == nil)
    }

    /// Where a recording has read a part alone, the rest is found by its terms.
    @Test func chunksWithoutVectorsAreFoundByTheirTerms() throws {
        var retriever = Self.retriever(try VectorIndex([[0, 1], [1, 0]]))
        retriever.withVectors = 2..<4
        let found = try retriever.find(RetrievalQuery(words: "white", vector: [1, 0]), count: 6)
        #expect(found.hits.map(\.chunk) == [1, 3, 2])
        #expect(found.hits[0].byVector == nil && found.hits[1].byVector?.rank == 1)
        #expect(found.hits[1].byVector?.score == 1 && found.hits[2].byVector?.rank == 2)
        retriever.withVectors = 4..<99
        let last = try retriever.find(RetrievalQuery(words: "", vector: [1, 0]), count: 6)
        #expect(last.hits.map(\.chunk) == [5, 4])
    }

    @Test func agreementOfRetrievalAndAttention() {
        let agreement = RetrievalAgreement(
            retrieved: [[], [0], [0], [2, 0]],
            attention: [[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.1, 0.4, 0.5, 0], [0.2, 0.1, 0.3, 0.4]])
        #expect(agreement.recall(0) == nil && agreement.recall(1) == 1 && agreement.recall(2) == 0)
        #expect(agreement.recall(3) == 1 && agreement.read(3) == [2, 0])
        #expect(agreement.chance(3) == 2.0 / 3)
        #expect(abs((agreement.mass(3) ?? 0) - 0.5 / 0.6) < 1e-6)
        #expect(agreement.mean?.recall == 2.0 / 3)
        #expect(RetrievalAgreement(retrieved: [], attention: []).mean == nil)
    }

    /// Where chunks overlap, the one before is left out of retrieval, so that it must not count as missed.
    @Test func chunksThatOverlapAreNotCompared() {
        let chunks = (0..<4).map { Chunk(document: 0, bytes: $0 * 8..<$0 * 8 + 12, units: 0..<1) }
        #expect(RetrievalAgreement.earlier(chunks) == [0, 0, 1, 2])
        let agreement = RetrievalAgreement(
            retrieved: [[], [], [0], [1]],
            attention: [[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.1, 0.6, 0.3, 0], [0.1, 0.2, 0.6, 0.1]],
            earlier: RetrievalAgreement.earlier(chunks))
        #expect(agreement.recall(1) == nil && agreement.recall(2) == 1 && agreement.recall(3) == 1)
        #expect(agreement.chance(3) == 0.5 && abs((agreement.mass(3) ?? 0) - 0.2 / 0.3) < 1e-6)
        let wild = RetrievalAgreement(retrieved: [[], [7]], attention: [[1], [1]], earlier: [5, 9])
        #expect(wild.mass(1) == 0 && wild.recall(1) == 0 && wild.recall(7) == nil)
    }
}
