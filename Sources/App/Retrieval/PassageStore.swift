import RopewalkDocuments
import RopewalkMethods
import RopewalkModels
import RopewalkRetrieval
import RopewalkViews

/// What is looked up in the open text, and the maps of its chunks.
package struct PassageStore: Equatable, Sendable {
    /// The question that is being looked up; nil where none is.
    package internal(set) var asked: Int?
    /// How many were.
    var number = 0
    /// Maps that are kept, the last one last.
    package internal(set) var maps: [ChunkMap] = []
    package internal(set) var running: ChunkMapQuestion?
    /// The pair that was selected; nil: that of the cursor, `AppState.chunkPlace`.
    package internal(set) var selected: ChunkMapsView.Place?

    private static let most = 4

    package func map(of question: ChunkMapQuestion) -> ChunkMap? { maps.first { $0.question == question } }

    mutating func keep(_ map: ChunkMap) {
        if let place = maps.firstIndex(where: { $0.question == map.question }) {
            maps[place] = map
            return
        }
        if maps.count >= Self.most { maps.removeFirst() }
        maps.append(map)
    }
}

/// Which chunks of which recording the maps are of.
package struct ChunkMapQuestion: Equatable, Sendable {
    let run: UInt64
    let edition: Int
    /// The first ones of the text.
    package let tokens: Int
}

/// What is retrieved for every chunk, and what the model reads of the earlier ones, as far as that is summed.
package struct ChunkMap: Equatable, Sendable {
    package let question: ChunkMapQuestion
    package internal(set) var chunks: [Chunk] = []
    /// [query chunk]
    package internal(set) var found: [RetrievalFound] = []
    /// The mean over all heads of the weights that a chunk's tokens give each chunk. [query chunk][chunk]
    package internal(set) var attention: [[Float]] = []
    /// Why there is none; nil where there is.
    package internal(set) var problem: String?

    var isComplete: Bool { problem != nil || !chunks.isEmpty && attention.count >= chunks.count }

    /// Of the chunks whose attention is summed.
    var agreement: RetrievalAgreement {
        RetrievalAgreement(
            retrieved: found.prefix(attention.count).map { $0.hits.map(\.chunk) }, attention: attention,
            earlier: Array(RetrievalAgreement.earlier(chunks).prefix(attention.count)))
    }

    /// Tokens of a chunk, as `ropewalk retrieve --attention` has them.
    static let plan = ChunkPlan(size: 64)
    /// Chunks that are found for each.
    static let count = 5
    /// Tokens that are looked at, at most: every head of every layer is summed.
    static let mostTokens = 4096
}
