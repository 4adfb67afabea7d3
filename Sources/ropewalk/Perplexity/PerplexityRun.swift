import RopewalkApp
import RopewalkDocuments
import RopewalkEvaluation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

/// Reads the texts with one contender after the other.
struct PerplexityRun {
    let documents: [Document]
    /// Nil: each text is one.
    let window: Int?
    let stride: Int
    let bucket: Int
    let contexts: [Int]
    let threads: Int

    private var ids: [[Int32]] { documents.map(\.ids) }

    /// What is impossible is said before anything runs.
    func reports(of contenders: [Comparison.Contender]) throws -> [PerplexityReport] {
        let longest = documents.map(\.tokenCount).max() ?? 0
        for contender in contenders {
            try contender.model.checkPredictsNext()
            guard contender.scenario.units.isEmpty else { continue }
            try contender.model.check(contender.scenario, tokens: min(longest, window ?? longest))
        }
        return try contenders.enumerated().map { index, contender in
            MemoryReport.note("reading texts for their losses")
            let progress = ProgressLine(say("\(index + 1) of \(contenders.count), \(contender.scenario.shortLine)"))
            defer { progress.clear() }
            return try report(of: contender, progress)
        }
    }

    private func report(of contender: Comparison.Contender, _ progress: ProgressLine) throws -> PerplexityReport {
        var windowed = WindowedLoss(texts: ids, size: window, stride: stride, threads: threads)
        let units = contender.scenario.units
        if !units.isEmpty { windowed.borders = documents.map { $0.borders(of: units) } }
        let more = contexts.isEmpty ? 0 : ContextCurve.work(texts: documents.map(\.tokenCount), contexts: contexts)
        let total = windowed.work + more
        let losses = try windowed.losses(of: contender) { progress.show($0, of: total) }
        var buckets = LossBuckets(width: bucket, tokens: (documents.map(\.tokenCount).max() ?? 1) - 1)
        buckets.add(losses)
        var curve = ContextCurve(points: [])
        if !contexts.isEmpty {
            let done = windowed.work
            curve = try ContextCurve.measured(
                contender, texts: ids, contexts: contexts, borders: windowed.borders, threads: threads,
                progress: { progress.show(done + $0, of: total) })
        }
        return PerplexityReport(
            contender: contender, texts: documents.count, tokens: windowed.texts.reduce(0) { $0 + $1.count },
            window: window, stride: window == nil ? nil : stride, buckets: buckets, curve: curve)
    }

    /// How the texts are read, in words.
    var words: String {
        guard let window else { return say("every text as a whole") }
        return say("windows of \(window.grouped) tokens, stride \(stride.grouped)")
    }
}
