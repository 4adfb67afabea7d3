import Foundation
import RopewalkDocuments
import RopewalkEvaluation
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring
import RopewalkTokenizers

/// Documents that are read and measured, one after the other.
struct DataStudy {
    /// A document without its text.
    struct Entry {
        let file: String
        let line: Int
        let id: String
        let domain: String
        let metrics: LongTextMetrics
    }

    private(set) var entries: [Entry] = []
    private(set) var problems = 0
    private let run: CoherenceRun?
    private let tokenizer: Tokenizer?
    private let pieces: Int
    private let domain: String?
    /// What coherence was measured with, and what cut texts; empty for nothing.
    let model: String
    let tokens: String
    /// Tokens of a piece; nil without a model.
    var piece: Int? { run?.sizes.piece }

    /// - Parameter model: nil for measuring no coherence
    init(_ model: Model?, threads: Int, pieces: Int, domain: String?) throws {
        run = try model.map { try CoherenceRun($0, scenario: $0.defaultScenario, threads: threads) }
        tokenizer = model?.tokenizer
        (self.pieces, self.domain) = (pieces, domain)
        (self.model, tokens) = (model?.name ?? "", model?.name ?? "")
    }

    /// What these documents are like.
    var reference: LongTextReference { LongTextReference(entries.map(\.metrics), model: model, tokenizer: tokens) }

    /// Reads files; what cannot be read is said and counted, and the rest goes on.
    /// - Throws: where nothing can be read at all, or the model cannot run.
    mutating func read(_ files: [String]) throws {
        let progress = ProgressLine(say("reading"))
        defer { progress.clear() }
        for file in files {
            let found: BenchmarkFile.Problems
            do {
                found = try DocumentFile(contentsOf: file).read { document in
                    try add(document, progress)
                    return true
                }
            } catch let error as DocumentError {
                progress.clear()
                StandardError.write(error.description)
                problems += 1
                continue
            }
            report(found, of: file, progress)
        }
        guard !entries.isEmpty else { throw CommandError.combination(say("there is no document in these files")) }
    }

    private mutating func report(_ found: BenchmarkFile.Problems, of file: String, _ progress: ProgressLine) {
        guard found.count > 0 else { return }
        progress.clear()
        for problem in found.first { StandardError.write(problem.description) }
        StandardError.write(
            say("\(file): \(found.count.grouped) \(found.count, one: "line is", many: "lines are") left out"))
        problems += found.count
    }

    private mutating func add(_ document: CorpusDocument, _ progress: ProgressLine) throws {
        let ids = try tokenizer?.encode(document.text, addSpecialTokens: false, isCancelled: { false }).ids
        var metrics = LongTextMetrics(document.text, tokens: ids)
        if let run, let ids {
            metrics.coherence = try run.coherence(of: ids, most: pieces) { done, of in
                progress.show(done * run.sizes.piece, of: of * run.sizes.piece)
            }
        }
        entries.append(
            Entry(
                file: document.file, line: document.line, id: document.id, domain: domain ?? document.domain,
                metrics: metrics))
    }
}
