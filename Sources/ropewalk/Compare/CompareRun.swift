import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Runs one contender after the other and measures each beside its model without any method.
struct CompareRun {
    /// Queries whose attention is measured.
    let queries: Int
    let threads: Int
    /// Runs over the first text without any method, by the path of the model.
    private var references: [String: Recording] = [:]

    init(queries: Int, threads: Int) {
        self.queries = queries
        self.threads = threads
    }

    /// What is impossible is said before anything runs.
    /// - Parameter contenders: each with what it reads
    mutating func reports(of contenders: [(Comparison.Contender, Comparison)]) throws -> [CompareReport] {
        for (contender, comparison) in contenders {
            try contender.model.checkPredictsNext()
            try contender.model.check(contender.scenario, tokens: comparison.length)
        }
        var reports: [CompareReport] = []
        for (index, (contender, comparison)) in contenders.enumerated() {
            let progress = ProgressLine(say("\(index + 1) of \(contenders.count), \(contender.scenario.shortLine)"))
            defer { progress.clear() }
            reports.append(try report(of: contender, reading: comparison, progress))
        }
        return reports
    }

    private mutating func report(
        of contender: Comparison.Contender, reading comparison: Comparison, _ progress: ProgressLine
    ) throws -> CompareReport {
        let total = comparison.length * comparison.texts.count
        let reference = try reference(of: contender, reading: comparison)
        var measures: ScenarioMeasures?
        let loss = try comparison.loss(
            of: contender, progress: { progress.show($0, of: total) },
            inspect: {
                measures = ScenarioMeasures(
                    $0, reference: reference, model: contender.model, queries: queries, threads: threads)
            })
        var compared = ComparedMethod(contender, loss: loss)
        compared.measures = measures
        compared.cost = MethodCost(
            contender.scenario, model: contender.model.traits.attentionShape, tokens: comparison.length)
        return CompareReport(compared: compared, title: contender.scenario.shortLine)
    }

    /// A run of the model over the first text without any method, made once for each model.
    private mutating func reference(
        of contender: Comparison.Contender, reading comparison: Comparison
    ) throws -> Recording? {
        if let known = references[contender.model.path] { return known }
        guard let ids = comparison.texts.first else { return nil }
        let run = Run(model: contender.model, scenario: contender.model.defaultScenario, threads: threads)
        let recording = try run.record(ids)
        references[contender.model.path] = recording
        return recording
    }
}
