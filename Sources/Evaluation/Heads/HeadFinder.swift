import RopewalkDocuments
import RopewalkKernels
import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// Measures all heads of a model by what the literature looks for in them, over several seeds: on answers of needle tests, on
/// parts of the text, and on random tokens repeated once.
package struct HeadFinder: Sendable {
    /// The needle tests, one method.
    package let run: NeedleRun
    /// How many of the first tokens count as the sink, and how many up to the query as recent.
    package var sinkTokens = 4
    package var recentTokens = 64
    /// Tokens of a part of the text.
    package var excerpt = 512
    /// Whether prompts whose answer the model does not find count too. The authors count only answers that repeat the needle.
    package var countsAll = false

    /// Of the repeated tokens.
    static let repeated = 100

    package init(run: NeedleRun) { self.run = run }

    private var shape: ModelShape { run.model.shape }
    private var count: Int { shape.layers * shape.heads }

    /// Runs in all.
    package var total: Int { run.plan.count + 2 * run.plan.seeds.count }

    /// - Parameter progress: gets the runs that are done
    /// - Throws: `ModelError.cancelled` within the error of needles, when the run's `isCancelled` said so; what makes model or
    ///   method unfit. Prompts that cannot be read are left out and named.
    package func findings(progress: (Int) -> Void = { _ in }) throws(NeedleError) -> HeadFindings {
        var done = 0
        var tally = CopyTally(heads: count, countsAll: countsAll)
        try run.read { record throws(NeedleError) in
            tally.add(record)
            done += 1
            progress(done)
        }
        var findings = HeadMeasure.allCases.flatMap { measure in measure.tests.map { HeadFinding(measure, on: $0) } }
        for seed in run.plan.seeds {
            for index in findings.indices where findings[index].test == .needle {
                if let round = tally.round(findings[index].measure, seed: seed) { findings[index].add(round) }
            }
            for test in [HeadTest.text, .repeats] {
                let measured = try measured(test, seed: seed)
                for index in findings.indices where findings[index].test == test {
                    findings[index].add(measured.round(findings[index].measure))
                }
                done += 1
                progress(done)
            }
        }
        return HeadFindings(
            layers: shape.layers, heads: shape.heads, seeds: run.plan.seeds, findings: findings, prompts: tally.prompts,
            counted: tally.counted, problem: tally.problem)
    }

    /// The maps of all heads on a text that follows from a seed.
    private func measured(_ test: HeadTest, seed: Int) throws(NeedleError) -> MeasuredHeads {
        let ids = test == .text ? run.excerpt(excerpt, seed: seed) : repeats(seed)
        let recording = try run.record(ids, try run.scenario(for: ids))
        let lens = Lens(recording: recording, threads: run.threads)
        var measures: [HeadMeasures?] = []
        for index in 0..<count {
            if run.isCancelled() { throw .model(.cancelled) }
            measures.append(
                lens.headMeasures(
                    layer: index / shape.heads, head: index % shape.heads, sinkTokens: sinkTokens,
                    recentTokens: recentTokens, from: test == .text ? 0 : (ids.count + beginning.count) / 2))
        }
        let scores = test == .text ? lens.headScores().map { Double($0.retrieval) } : []
        return MeasuredHeads(measures: measures, next: scores)
    }

    private var beginning: [Int32] { run.haystack.beginning }

    /// What the tokenizer puts before every text, and random tokens twice: none that is special.
    func repeats(_ seed: Int) -> [Int32] {
        let tokenizer = run.haystack.tokenizer
        let room = run.model.traits.limit.map { max(1, ($0 - beginning.count) / 2) } ?? Self.repeated
        var numbers = SeededNumbers(seed: seed, purpose: "repeats")
        var once: [Int32] = []
        // A vocabulary of special tokens alone would never be done.
        for _ in 0..<Self.repeated * 64 where once.count < min(Self.repeated, room) {
            let id = numbers.below(shape.vocabulary)
            if !tokenizer.isSpecial(id) { once.append(Int32(id)) }
        }
        return beginning + once + once
    }
}

extension NeedleRun {
    /// A part of the text that follows from a seed, behind what the tokenizer puts before every text.
    func excerpt(_ length: Int, seed: Int) -> [Int32] {
        let room = min(length, model.traits.limit ?? .max) - haystack.beginning.count
        return haystack.beginning + haystack.tokens(max(1, min(room, haystack.ids.count)), seed: seed)
    }

    /// The first method over a text, with its sentences and paragraphs where it asks for them.
    func scenario(for ids: [Int32], method: String? = nil) throws(NeedleError) -> Scenario {
        guard let line = method ?? plan.methods.first, let scenario = scenarios[line] else { return .plain }
        guard !scenario.units.isEmpty else { return scenario }
        let document: Document
        do { document = try Document(ids: ids, tokenizer: haystack.tokenizer) } catch { throw .document(error) }
        return scenario.over { unit in
            let part: TextPart = unit == .sentence ? .sentence : .paragraph
            return PartBorders(starts: document.tokens(ofParts: part, below: document.tokenCount).map(\.lowerBound))
        }
    }

    /// A run over tokens.
    func record(_ ids: [Int32], _ scenario: Scenario) throws(NeedleError) -> Recording {
        var recorder = Recorder(model: model, scenario: scenario, threads: threads, keepsStates: false)
        recorder.isCancelled = isCancelled
        do throws(ModelError) {
            return try recorder.record(ids) { _ in !isCancelled() }
        } catch { throw .model(error) }
    }
}

/// What the maps of all heads came to on one text.
struct MeasuredHeads {
    let measures: [HeadMeasures?]
    /// Copying above chance; empty where it was not asked for.
    let next: [Double]

    func round(_ measure: HeadMeasure) -> HeadFinding.Round {
        if measure == .next {
            let none = next.map { $0.isFinite ? 0 : Double.nan }
            return HeadFinding.Round(values: next, chances: none, drawn: none)
        }
        let found = measures.map { $0.flatMap { Self.part(measure, of: $0) } }
        let chances = found.map { $0?.chance ?? .nan }
        return HeadFinding.Round(values: found.map { $0?.weight ?? .nan }, chances: chances, drawn: chances)
    }

    private static func part(_ measure: HeadMeasure, of measures: HeadMeasures) -> HeadMeasures.Measure? {
        switch measure {
        case .streaming: measures.streaming
        case .sink: measures.sink
        case .previous: measures.previousToken
        case .duplicate: measures.duplicate
        case .induction: measures.induction
        case .byStep, .byToken, .ofAnswer, .next: nil
        }
    }
}
