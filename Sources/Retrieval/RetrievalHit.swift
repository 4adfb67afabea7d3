/// What is looked up: words, a vector, or both.
package struct RetrievalQuery: Sendable {
    package var words: String
    package var vector: [Float]?
    /// Where the query stands; what overlaps it or comes after it in its document is left out. Nil for a typed question.
    package var place: RetrievalPlace?

    package init(words: String, vector: [Float]? = nil, place: RetrievalPlace? = nil) {
        (self.words, self.vector, self.place) = (words, vector, place)
    }
}

/// A stretch of one of the documents.
package struct RetrievalPlace: Equatable, Sendable {
    package let document: Int
    package let bytes: Range<Int>

    package init(document: Int, bytes: Range<Int>) { (self.document, self.bytes) = (document, bytes) }
}

/// Why a chunk is left out: it would tell the query what it asks for.
package enum RetrievalLeak: String, Sendable {
    case overlaps, later
}

/// A chunk that was found.
package struct RetrievalHit: Equatable, Sendable {
    /// What one list says of a chunk.
    package struct Standing: Equatable, Sendable {
        package let score: Double
        /// From 1.
        package let rank: Int
    }

    package let chunk: Int
    /// BM25; nil where it has none of the query's terms, or is not among the first.
    package let byTerms: Standing?
    /// Cosine.
    package let byVector: Standing?
    /// Σ 1 / (60 + rank) over both lists.
    package let fused: Double
}

/// What was found, and what was left out.
package struct RetrievalFound: Equatable, Sendable {
    /// A chunk that would have been among the first without its leak.
    package struct LeftOut: Equatable, Sendable {
        package let chunk: Int
        package let leak: RetrievalLeak
        /// The rank that it would have had, from 1.
        package let rank: Int
    }

    /// The best first.
    package let hits: [RetrievalHit]
    package let leftOut: [LeftOut]
}
