import ArgumentParser
import RopewalkEvaluation
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk circuits [TEXT] --task T --lengths L --depths D --seeds S --ablate K`.
struct CircuitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "circuits",
        abstract: say(
            "Which heads retrieve, stream, rest on sinks, look back or copy, beside chance, over several seeds."),
        discussion: say(
            """
            by-step, by-token, of-answer: retrieval heads (Wu et al. 2024), on answers of needle tests as they are written token by token. \
            A hit is a token of the answer that stands at the head's strongest key, within the needle. by-step: hits over the needle's \
            tokens, as the authors' code counts; by-token: the share of its different tokens that were copied, as the paper writes; \
            of-answer: hits over the answer's tokens. Prompts count whose answer the model finds, or all with --all.

            streaming: weight on the first --sinks and the last --recent tokens. sink: on the first ones alone. previous: on the token \
            before. duplicate: on the same token where it stood before. induction: on what followed it there. These are measured on random \
            tokens that are repeated once (repeats; the second time), and on parts of the text. next: how often the strongest key is no \
            sink and holds the token that comes next, above chance.

            Numbers are means over the seeds with their standard deviation. By chance: of retrieval, the same strongest keys meeting the \
            answer in any other order; of weights, equal ones. A head is found where the mean reaches the threshold and every seed is above chance.

            --ablate 1,2,4 leaves out so many of the strongest heads by --measure, then as many others at random, and reads needle tests of other \
            seeds (--test-seeds) and parts of the text without them: what is lost.
            """))

    @OptionGroup var text: TextOptions
    @OptionGroup var asked: NeedleTaskOptions

    @Option(
        help: ArgumentHelp(
            say("Tokens of prompt and answer. Default: half the trained window and all of it, up to 4096."),
            valueName: "tokens"),
        transform: { try NeedleSeries.parse($0, in: NeedleOptions.lengthRange) })
    var lengths: [Int]?

    @Option(
        help: ArgumentHelp(
            say("How deep the needle lies, per cent of the text: 0,50,100 or 0-100:11. Default: 0-100:5."),
            valueName: "percent"),
        transform: { try NeedleSeries.parse($0, in: 0...100) })
    var depths = NeedleSeries.spread(0, 100, count: 5)

    @Option(
        help: ArgumentHelp(
            say("What words, numbers, random tokens and places of the text follow from: 0,1 or 0-19. Default: 0-4."),
            valueName: "seeds"),
        transform: { try NeedleSeries.parse($0, in: 0...999_999) })
    var seeds = Array(0...4)

    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions

    @Option(
        help: ArgumentHelp(
            say(
                "What the grid shows, and heads are left out by: by-step, by-token, of-answer, next, streaming, sink, previous, duplicate or induction."
            ),
            valueName: "measure"))
    var measure = HeadMeasure.byStep

    @Option(
        help: ArgumentHelp(
            say("From which mean on a head is found by --measure, 0 to 1. Default: as docs/HEADS.md has it."),
            valueName: "share"),
        transform: HeadThreshold.parse)
    var threshold: Double?

    @Option(
        help: ArgumentHelp(say("How many of the first tokens count as the sink. Default: 4."), valueName: "n"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var sinks = 4

    @Option(
        help: ArgumentHelp(say("How many tokens up to the query count as recent. Default: 64."), valueName: "n"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var recent = 64

    @Option(
        help: ArgumentHelp(say("Tokens of a part of the text. Default: 512."), valueName: "n"),
        transform: WholeNumber.parser(16...65_536))
    var excerpt = 512

    @Flag(help: .said("Counts prompts too whose answer the model does not find."))
    var all = false

    @Option(
        help: ArgumentHelp(
            say("What needle tests lose without so many of the strongest heads, in place of the grid: 1,2,4."),
            valueName: "counts"),
        transform: { try NeedleSeries.parse($0, in: 1...4096) })
    var ablate: [Int]?

    @Option(
        help: ArgumentHelp(
            say("With --ablate: how many times as many other heads are drawn at random. Default: 3."), valueName: "n"),
        transform: WholeNumber.parser(0...64))
    var draws: Int?

    @Option(
        help: ArgumentHelp(
            say("With --ablate: seeds of the tests that are read without heads. Default: as many, behind --seeds."),
            valueName: "seeds"),
        transform: { try NeedleSeries.parse($0, in: 0...999_999) })
    var testSeeds: [Int]?

    @Flag(
        help: .said(
            "JSON in place of tables: an array of objects, one a head and measure; with --ablate one a set of heads."))
    var json = false

    @Flag(help: .said("CSV in place of tables, with the same lines."))
    var csv = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if text.ids != nil {
            throw CommandError.combination(say("needles are words, and --ids has none: give TEXT"))
        }
        if json, csv { throw CommandError.combination(say("--json and --csv are both given: leave one out")) }
        if ablate == nil, draws != nil || testSeeds != nil {
            throw CommandError.combination(say("--draws and --test-seeds are parts of --ablate: give that too"))
        }
        if ablate != nil, threshold != nil {
            throw CommandError.combination(
                say("--ablate takes the strongest heads, found or not: leave --threshold out"))
        }
        for seeds in [seeds, testSeeds ?? []] {
            try NeedleOptions.check(lengths: lengths ?? [0, 0], depths: depths, seeds: seeds)
        }
    }

    func run() throws {
        // What is wrong with a task is said before a model is loaded.
        let tasks = try asked.parsedTasks()
        let model = try model.load()
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        let haystack = try Haystack(text.document(tokenizer), tokenizer: tokenizer)
        let scenario = try scenario.scenario(for: model)
        func needleRun(_ seeds: [Int]) -> NeedleRun {
            var run = NeedleRun(
                tasks: tasks, scenarios: [scenario], lengths: lengths ?? Self.lengths(of: model), depths: depths,
                seeds: seeds, haystack: haystack, model: model)
            run.threads = self.model.threadCount
            return run
        }
        let run = needleRun(seeds)
        try run.check()
        let findings = try findings(run)
        let report = CircuitsReport(findings: findings, run: run, measure: measure, threshold: threshold)
        guard let ablate else {
            if json || csv { return try StandardOutput.write(json ? report.table.json : report.table.csv) }
            return try StandardOutput.write(report.text)
        }
        let ranking = findings.finding(measure)?.ranking.map { findings.head($0) } ?? []
        guard !ranking.isEmpty else {
            throw CommandError.combination(
                say("no head has a score by \(measure.rawValue): \(findings.missing)"))
        }
        let sets = HeadSet.sets(
            ranking: ranking, of: (0..<model.shape.layers * model.shape.heads).map { findings.head($0) },
            counts: ablate,
            draws: draws ?? 3, seed: seeds[0])
        let losses = try losses(needleRun(testSeeds ?? Self.seeds(behind: seeds)), sets)
        if json || csv { return try StandardOutput.write(json ? losses.table.json : losses.table.csv) }
        try StandardOutput.write(losses.text)
    }

    private func findings(_ run: NeedleRun) throws -> HeadFindings {
        var finder = HeadFinder(run: run)
        (finder.sinkTokens, finder.recentTokens, finder.excerpt, finder.countsAll) = (sinks, recent, excerpt, all)
        let progress = ProgressLine(say("looking for heads"))
        defer { progress.clear() }
        let total = finder.total
        return try finder.findings { progress.show(prompts: $0, of: total) }
    }

    private func losses(_ run: NeedleRun, _ sets: [HeadSet]) throws -> CircuitsLossReport {
        var losses = HeadLosses(run: run, sets: sets)
        losses.excerpt = excerpt
        let progress = ProgressLine(say("leaving out"))
        defer { progress.clear() }
        let total = losses.total
        return CircuitsLossReport(
            results: try losses.results { progress.show(prompts: $0, of: total) }, seeds: seeds,
            testSeeds: run.plan.seeds, measure: measure)
    }

    /// Where nobody says: half the trained window and all of it.
    private static func lengths(of model: Model) -> [Int] {
        let window = max(NeedleOptions.lengthRange.lowerBound, min(model.shape.trainedWindow, 4096))
        return [max(NeedleOptions.lengthRange.lowerBound, window / 2), window]
    }

    /// As many that heads were not found with.
    private static func seeds(behind seeds: [Int]) -> [Int] {
        let last = seeds.max() ?? 0
        return Array(last + 1...last + max(1, seeds.count))
    }
}

extension HeadMeasure: ExpressibleByArgument {}

/// A share, as `--threshold` takes it.
enum HeadThreshold {
    struct Problem: Error, CustomStringConvertible {
        var description: String { say("it takes a number 0 to 1") }
    }

    static func parse(_ text: String) throws -> Double {
        guard let value = Double(text), (0...1).contains(value),
            text.utf8.first.map({ $0 != UInt8(ascii: "+") }) == true
        else { throw Problem() }
        return value
    }
}
