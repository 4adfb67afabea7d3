import RopewalkPhrases
import RopewalkRetrieval
import RopewalkViews

/// Who asks for passages of the text.
package enum PassageQuery: Equatable, Sendable {
    case words(String)
    /// The chunk that has a byte.
    case chunk(byte: Int)
    /// The last chunk that is read.
    case last
}

/// What was found for a question: chunks with both ranks, and those that would have told the answer.
package struct PassageAnswer: Equatable, Sendable {
    struct Hit: Equatable, Sendable {
        let bytes: Range<Int>
        /// From 1.
        let rank: Int
        let hit: RetrievalHit
    }

    /// A chunk that was left out, and why.
    struct Leak: Equatable, Sendable {
        let bytes: Range<Int>
        /// The rank that it would have had.
        let rank: Int
        let leak: RetrievalLeak
    }

    let query: PassageQuery
    /// The chunk that asks; nil for typed words.
    let asking: Range<Int>?
    /// In the order of the text.
    let hits: [Hit]
    let leaks: [Leak]
    /// Why no states were compared; nil where they were.
    let remark: String?

    init(
        _ query: PassageQuery, asking: Range<Int>?, _ found: RetrievalFound, _ chunks: [Chunk], remark: String?
    ) {
        self.query = query
        self.asking = asking
        self.remark = remark
        hits = found.hits.enumerated().map { Hit(bytes: chunks[$1.chunk].bytes, rank: $0 + 1, hit: $1) }
            .sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
        leaks = found.leftOut.map { Leak(bytes: chunks[$0.chunk].bytes, rank: $0.rank, leak: $0.leak) }
    }

    /// What the list of hits says of one.
    private func name(_ hit: Hit) -> String {
        guard remark == nil else { return hit.hit.byTerms.map { Self.standing($0, 1) } ?? "#\(hit.rank)" }
        return say(
            "#\(hit.rank): terms \(Self.standing(hit.hit.byTerms, 1)), states \(Self.standing(hit.hit.byVector, 2))")
    }

    /// By the first byte of each.
    var names: [Int: String] {
        Dictionary(hits.map { ($0.bytes.lowerBound, name($0)) }) { first, _ in first }
    }

    /// Both scores and the rank of both together, where a hit begins at a byte.
    func words(atByte byte: Int) -> String? {
        guard let hit = hits.first(where: { $0.bytes.lowerBound == byte }) else { return nil }
        let terms = Self.standing(hit.hit.byTerms, 1)
        guard remark == nil else { return say("passage #\(hit.rank) of \(hits.count), by terms alone: \(terms)") }
        let fused = Figures.fixed(hit.hit.fused, 4)
        return say(
            "passage #\(hit.rank) of \(hits.count), fused \(fused): terms \(terms), states \(Self.standing(hit.hit.byVector, 2))"
        )
    }

    /// "#1 12.3": rank and score; a dash where a list does not have it.
    private static func standing(_ standing: RetrievalHit.Standing?, _ decimals: Int) -> String {
        standing.map { "#\($0.rank) \(Figures.fixed($0.score, decimals))" } ?? "–"
    }

    /// What a leak is called in the list of hits.
    static func name(_ leak: Leak) -> String {
        switch leak.leak {
        case .overlaps: say("leak, asks itself (#\(leak.rank))")
        case .later: say("leak, comes later (#\(leak.rank))")
        }
    }

    /// What is to be known of all of it.
    var summary: String {
        let asks: String? =
            switch query {
            case .words: nil
            case .chunk: say("the chunk at the cursor asks: \(hits.count) found before it")
            case .last: say("the last chunk that is read asks: \(hits.count) found before it")
            }
        let later = leaks.count { $0.leak == .later }
        let left =
            leaks.isEmpty
            ? nil
            : say(
                "left out as leaks: \(leaks.count - later) that \(leaks.count - later, one: "asks itself", many: "ask themselves"), \(later) that \(later, one: "comes", many: "come") later"
            )
        return [asks, left, remark].compactMap { $0 }.joined(separator: "; ")
    }
}
