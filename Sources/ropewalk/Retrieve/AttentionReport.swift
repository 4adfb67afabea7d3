import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkRetrieval

/// What is found for every chunk of a text beside what the model reads of the earlier ones.
struct AttentionReport {
    private let corpus: RetrievalCorpus
    private let agreement: RetrievalAgreement

    /// Tokens that the model reads at most: every head of every layer is summed.
    private static let mostTokens = 4096

    init(_ corpus: RetrievalCorpus, _ work: RetrievalWork, _ model: Model, threads: Int, count: Int) throws {
        let document = corpus.documents[0]
        guard document.tokenCount <= Self.mostTokens else {
            throw CommandError.outOfRange(
                option: "--tokens", value: document.tokenCount.grouped,
                takes: say("at most \(Self.mostTokens.grouped) tokens with --attention"))
        }
        guard model.kinds == [.decoder] else {
            throw CommandError.combination(say("--attention reads a decoder: name one with --model"))
        }
        self.corpus = corpus
        let retrieved = try corpus.chunks.indices.map { index in
            let chunk = corpus.chunks[index]
            let query = RetrievalQuery(
                words: corpus.string(chunk), vector: work.vector(index),
                place: RetrievalPlace(document: 0, bytes: chunk.bytes))
            return try work.find(query, count: count).hits.map(\.chunk)
        }
        let recording = try Run(model: model, scenario: model.defaultScenario, threads: threads).record(document.ids)
        let lens = Lens(recording: recording, threads: threads)
        let parts = corpus.chunks.map(\.units)
        let heads = Float(model.shape.layers * model.shape.heads)
        let progress = ProgressLine(say("summing attention"))
        defer { progress.clear() }
        let attention = parts.enumerated().map { index, queries in
            progress.showCount(say("\((index + 1).grouped) of \(parts.count.grouped) chunks"))
            var sums = [Float](repeating: 0, count: parts.count)
            for layer in 0..<model.shape.layers {
                for head in 0..<model.shape.heads {
                    let row = lens.partsRow(layer: layer, head: head, queries: queries, parts: parts)
                    for (place, weight) in row.weights.enumerated() { sums[place] += weight / heads }
                }
            }
            return sums
        }
        agreement = RetrievalAgreement(
            retrieved: retrieved, attention: attention, earlier: RetrievalAgreement.earlier(corpus.chunks))
    }

    func output(json: Bool) throws -> String {
        json ? try JSONText.encodeCompact(Matrix(agreement, corpus)) : text
    }

    private var text: String {
        let table = AlignedTable(
            header: [
                say("chunk"), say("tokens"), say("retrieved"), say("read most"), say("recall"), say("mass"),
                say("text"),
            ],
            rows: corpus.chunks.indices.map { index in
                [
                    String(index),
                    "\(corpus.chunks[index].units.lowerBound)-\(corpus.chunks[index].units.upperBound - 1)",
                    Self.list(agreement.retrieved[index]), Self.list(agreement.read(index)),
                    Self.share(agreement.recall(index)), Self.share(agreement.mass(index)),
                    corpus.words(corpus.chunks[index], most: 40),
                ]
            }, sides: [.right, .left, .left, .left, .right, .right, .left])
        guard let mean = agreement.mean else { return table.text }
        return table.text
            + say(
                """
                recall: of the earlier chunks that the model reads most, so many as were retrieved, the share that was: mean \
                \(Self.share(mean.recall)), by chance \(Self.share(mean.chance)); mass: of the attention on earlier chunks, mean of all heads, the \
                share on retrieved ones: mean \(Self.share(mean.mass))\n
                """)
    }

    private static func list(_ chunks: [Int]) -> String { chunks.map(String.init).joined(separator: " ") }
    private static func share(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "—" }

    private struct Matrix: Encodable {
        let retrieved: [[Int]]
        let read: [[Int]]
        let attention: [[Float]]
        let recall: [Double?]
        let chance: [Double?]
        let mass: [Double?]
        let firstTokens: [Int]
        let meanRecall: Double?
        let meanChance: Double?
        let meanMass: Double?

        init(_ agreement: RetrievalAgreement, _ corpus: RetrievalCorpus) {
            let chunks = corpus.chunks.indices
            (retrieved, attention) = (agreement.retrieved, agreement.attention)
            read = chunks.map { agreement.read($0) }
            recall = chunks.map { agreement.recall($0) }
            chance = chunks.map { agreement.chance($0) }
            mass = chunks.map { agreement.mass($0) }
            firstTokens = corpus.chunks.map(\.units.lowerBound)
            let mean = agreement.mean
            (meanRecall, meanChance, meanMass) = (mean?.recall, mean?.chance, mean?.mass)
        }
    }
}
