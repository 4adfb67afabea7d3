import RopewalkDocuments
import RopewalkPhrases
import RopewalkRetrieval

/// What `about:` finds in a text: the chunks that a question is about, by BM25.
struct TextRetrieval: Equatable, Sendable {
    /// A chunk that was found.
    struct Hit: Equatable, Sendable {
        let bytes: Range<Int>
        /// From 1.
        let rank: Int
        let score: Double
    }

    /// In the order of the text.
    let hits: [Hit]

    static let prefix = "about:"
    private static let count = 10
    /// Words of a chunk; sentences stay whole where they can.
    static let plan = ChunkPlan(size: 60, keepsSentences: true)
    /// The index is made with every question: some 40 ms a megabyte.
    static let mostBytes = 8 << 20

    static var tooLong: SearchProblem {
        SearchProblem(text: say("the text is longer than 8 MB: ropewalk retrieve TEXT \"question\" looks into it"))
    }

    /// The question of a pattern; nil where it is no such pattern. Empty: the chunk at the cursor asks.
    static func question(_ typed: String) -> String? {
        typed.hasPrefix(prefix)
            ? typed.dropFirst(prefix.count).split(whereSeparator: \.isWhitespace).joined(separator: " ") : nil
    }

    /// - Throws: where the text is too long for being indexed between two frames.
    init(_ question: String, in text: SourceText) throws(SearchProblem) {
        guard text.bytes.count <= Self.mostBytes else {
            throw Self.tooLong
        }
        let chunks = Self.plan.chunks(text)
        let index = TermIndex([text.bytes], chunks.map { ($0.document, $0.bytes) })
        let scores: [Double]
        do { scores = try index.scores(question) } catch { throw SearchProblem(text: error.description) }
        hits = Ranking.best(Self.count, of: scores, above: 0).enumerated().map { place, chunk in
            Hit(bytes: chunks[chunk].bytes, rank: place + 1, score: scores[chunk])
        }.sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
    }

    /// "#1 12.3", as the list of hits has it.
    static func name(_ hit: Hit) -> String {
        let tenths = Int((hit.score * 10).rounded())
        return "#\(hit.rank) \(tenths / 10).\(tenths % 10)"
    }
}
