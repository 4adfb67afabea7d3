import Foundation
import RopewalkMethods
import RopewalkPhrases
import RopewalkRetrieval

/// What was found, step by step.
struct RetrieveReport: Encodable {
    private let corpus: RetrievalCorpus
    private let work: RetrievalWork
    private let query: RetrievalQuery
    private let found: RetrievalFound
    /// Of each answer, in the order in which they were given.
    var answers: [AnswerScores.Scores] = []
    var fullText: FullTextComparison?

    init(_ corpus: RetrievalCorpus, _ work: RetrievalWork, _ query: RetrievalQuery, _ found: RetrievalFound) {
        (self.corpus, self.work, self.query, self.found) = (corpus, work, query, found)
    }

    // MARK: Text

    var text: String {
        var text = pipeline + "\n"
        text += found.hits.isEmpty ? say("nothing was found: no chunk has a word of the question\n") : hits
        if !found.leftOut.isEmpty { text += "\n" + leaks }
        if let fullText { text += "\n" + fullText.text }
        if !answers.isEmpty { text += "\n" + answersText }
        return text
    }

    /// The steps, as they were taken.
    private var pipeline: String {
        let units = corpus.units.isEmpty ? say("words") : say("tokens")
        let overlap = corpus.plan.overlap > 0 ? say(", \(corpus.plan.overlap) of them in two") : ""
        let ends = corpus.plan.keepsSentences ? say(", ending with sentences") : ""
        let lists = [work.usesTerms ? "BM25" : nil, work.hasVectors ? say("vectors") : nil].compactMap { $0 }
        let kept = work.wasKept ? say("kept on disk, opened") : say("made")
        let milliseconds = String(format: "%.0f", work.indexing / .milliseconds(1))
        let rows = [
            [
                "1", say("preprocess"),
                say(
                    "\(corpus.texts.count.grouped) \(corpus.texts.count, one: "text", many: "texts"), \(corpus.chunks.count.grouped) chunks of \(corpus.plan.size) \(units)\(overlap)\(ends)"
                ),
            ],
            ["2", say("index"), say("\(lists.joined(separator: say(" and "))), \(kept) in \(milliseconds) ms")],
            [
                "3", say("question"),
                query.place == nil ? query.words : say("the last \(corpus.plan.size) tokens up to it"),
            ],
            [
                "4", say("fuse"),
                lists.count > 1 ? say("reciprocal ranks, Σ 1 / (60 + rank)") : say("one list, as it is"),
            ],
            [
                "5", say("use"),
                say(
                    "--prompt writes the chunks and the question, --generate goes on behind them, --answer measures an answer"
                ),
            ],
        ]
        return AlignedTable(rows: rows, sides: [.left, .left, .left]).text
    }

    private var hits: String {
        AlignedTable(
            header: ["", say("fused"), "BM25", say("rank"), say("cosine"), say("rank"), say("place"), say("text")],
            rows: found.hits.enumerated().map { place, hit in
                [
                    String(place + 1), String(format: "%.5f", hit.fused), Self.score(hit.byTerms),
                    Self.rank(hit.byTerms),
                    Self.score(hit.byVector), Self.rank(hit.byVector), self.place(hit.chunk),
                    corpus.words(corpus.chunks[hit.chunk], most: 60),
                ]
            }, sides: [.right, .right, .right, .right, .right, .right, .left, .left]
        ).text
    }

    private var leaks: String {
        say("left out, for they would tell what comes:\n")
            + AlignedTable(
                header: [say("rank"), say("leak"), say("place"), say("text")],
                rows: found.leftOut.map { leak in
                    [
                        String(leak.rank), leak.leak.rawValue.said, place(leak.chunk),
                        corpus.words(corpus.chunks[leak.chunk], most: 60),
                    ]
                }, sides: [.right, .left, .left, .left]
            ).text
    }

    private static func score(_ standing: RetrievalHit.Standing?) -> String {
        standing.map { String(format: "%.4f", $0.score) } ?? "—"
    }

    private static func rank(_ standing: RetrievalHit.Standing?) -> String { standing.map { String($0.rank) } ?? "—" }

    /// "alice.txt 1,204-1,267": the units of a chunk.
    private func place(_ chunk: Int) -> String {
        let chunk = corpus.chunks[chunk]
        let name = (corpus.texts[chunk.document].name as NSString).lastPathComponent
        let place = "\(chunk.units.lowerBound.grouped)-\((chunk.units.upperBound - 1).grouped)"
        return corpus.texts.count > 1 ? "\(name) \(place)" : place
    }

    /// A column an answer: ln p behind each chunk, then over all of them.
    private var answersText: String {
        func number(_ value: Double) -> String { String(format: "%.4f", value) }
        let names = answers.indices.map { answers.count > 1 ? "ln p(y\($0 + 1) | z)" : "ln p(y | z)" }
        let rows = found.hits.indices.map { place in
            [String(place + 1), number(exp(answers[0].priors[place]))] + answers.map { number($0.likelihoods[place]) }
        }
        let chunks = AlignedTable(
            header: ["", "p(z)"] + names, rows: rows, sides: Array(repeating: .right, count: names.count + 2))
        let scores = AlignedTable(
            header: ["", "RAG-Sequence", "RAG-Token", say("without a chunk"), say("tokens"), say("answer")],
            rows: answers.enumerated().map { index, answer in
                [
                    "\(index + 1)", number(answer.sequence), number(answer.token), number(answer.alone),
                    "\(answer.tokens)", answer.text.onOneLine,
                ]
            }, sides: [.right, .right, .right, .right, .right, .left])
        return chunks.text + "\n" + scores.text
            + say("ln p of answers; p(z) is a softmax over the fused scores times \(Int(AnswerScores.sharpness))\n")
    }

    // MARK: JSON

    private enum Keys: String, CodingKey { case question, chunks, texts, hits, leftOut, answers, fullText, indexKept }

    private struct Hit: Encodable {
        let chunk: Int
        let text: String
        let firstByte: Int
        let lastByte: Int
        let firstUnit: Int
        let lastUnit: Int
        let fused: Double
        let bm25: Double?
        let bm25Rank: Int?
        let cosine: Double?
        let cosineRank: Int?
        let words: String
    }

    private struct Leak: Encodable {
        let chunk: Int
        let leak: String
        let rank: Int
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Keys.self)
        try object.encode(query.words, forKey: .question)
        try object.encode(corpus.chunks.count, forKey: .chunks)
        try object.encode(corpus.texts.map(\.name), forKey: .texts)
        let hits = found.hits.map { hit in
            let chunk = corpus.chunks[hit.chunk]
            return Hit(
                chunk: hit.chunk, text: corpus.texts[chunk.document].name, firstByte: chunk.bytes.lowerBound,
                lastByte: chunk.bytes.upperBound - 1, firstUnit: chunk.units.lowerBound,
                lastUnit: chunk.units.upperBound - 1, fused: hit.fused, bm25: hit.byTerms?.score,
                bm25Rank: hit.byTerms?.rank, cosine: hit.byVector?.score, cosineRank: hit.byVector?.rank,
                words: corpus.string(chunk))
        }
        try object.encode(hits, forKey: .hits)
        try object.encode(
            found.leftOut.map { Leak(chunk: $0.chunk, leak: $0.leak.rawValue, rank: $0.rank) }, forKey: .leftOut)
        try object.encode(answers, forKey: .answers)
        try object.encode(fullText, forKey: .fullText)
        try object.encode(work.wasKept, forKey: .indexKept)
    }
}
