import ArgumentParser
import RopewalkEvaluation
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring

/// `ropewalk evaluate FILE --model M --method ...`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: say("Scores answers to LongBench, LongBench v2 and L-Eval."),
        discussion: say(
            """
            FILE is a published file of questions, or of answers that a model has given (pred.py of LongBench, the .pred.jsonl of \
            L-Eval): JSONL or an array, in UTF-8, UTF-16 or UTF-32. Lines that are broken are counted and named; the rest goes on. Answers are \
            scored as the published scorers do, to the last digit; Chinese as jieba cuts it with --dictionary, else by characters, \
            which is said.

            Questions are put to the model under its methods, which writes the most probable tokens, as many as the benchmark allows. With \
            --choose it takes the likeliest answer where there are only so many (LongBench v2, classes, numbers of paragraphs, \
            options): chance is what choosing blindly would give. What has to be written is left out then and counted. A prompt that is longer than --budget is cut in its middle as the benchmark cuts it. The prompts are our own \
            words: those of the benchmarks are taken from their file with --prompts, and without them scores are not those of \
            published tables.

            With --out every result is a line of a file; the same command goes on where it was stopped.
            """))

    @Argument(help: .said("A file of questions or answers."))
    var file: String

    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions

    @Option(help: ArgumentHelp(say("The file of results, which grows by a line a question."), valueName: "file"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            say("The data set, such as narrativeqa or coursera. Default: as lines or the file's name say."),
            valueName: "name"))
    var dataset: String?

    @Option(
        help: ArgumentHelp(
            say("Prompts: LongBench's dataset2prompt.json, or one prompt with {context} and {input}."),
            valueName: "file"))
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            say("Tokens of answers: LongBench's dataset2maxlen.json. Default: the same numbers."), valueName: "file"))
    var lengths: String?

    @Option(
        help: ArgumentHelp(
            say("The folder of jieba (pip show -f jieba), whose dictionary cuts Chinese into words."),
            valueName: "folder"))
    var dictionary: String?

    @Option(
        help: ArgumentHelp(
            say("difflib (fuzzywuzzy alone) or levenshtein (with python-Levenshtein): the similarity of code."),
            valueName: "how"))
    var codeSimilarity = EditSimilarity.difflib

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Tokens of a prompt. Default: the window less what may be written, at least half of it."),
            valueName: "tokens"),
        transform: WholeNumber.parser(2...TextOptions.tokenLimit))
    var budget: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The first N questions only."), valueName: "n"),
        transform: WholeNumber.parser(1...1_000_000_000))
    var questions: Int?

    @Flag(help: .said("Chooses the likeliest answer where there are only so many, and writes none."))
    var choose = false

    @Flag(help: .said("JSON in place of tables: an object with tasks and groups."))
    var json = false

    @OptionGroup var language: LanguageOption

    func run() throws {
        let input = try BenchmarkFile(contentsOf: file)
        var evaluation = Evaluation()
        evaluation.settings = ScoringSettings(cutter: try cutter(), similarity: codeSimilarity)
        evaluation.prompts = try PromptSet(contentsOf: prompts, lengths: lengths)
        (evaluation.budget, evaluation.dataset) = (budget, dataset)
        evaluation.mostQuestions = questions ?? .max
        let reads = [file] + [prompts, lengths].compactMap { $0 }
        try OutputFile.check(out, reads: reads)
        var answering: ModelAnswering?
        var settings: [(String, JSONValue)] = [("file", .string(file)), ("dataset", .string(dataset ?? ""))]
        if try hasQuestions(input) {
            let loaded = try model.load()
            let scenario = try scenario.scenario(for: loaded)
            try OutputFile.check(out, reads: reads + scenario.maskFiles, model: model)
            answering = try ModelAnswering(loaded, scenario: scenario, threads: model.threadCount, writes: !choose)
            evaluation.window = loaded.shape.trainedWindow
            settings += [
                ("model", .string(loaded.name)), ("method", .string(scenario.shortLine)),
                ("window", .integer(evaluation.window)), ("budget", budget.map { .integer($0) } ?? .null),
                ("answers", .string(choose ? "chosen" : "written")), ("prompts", .string(prompts ?? "")),
                ("lengths", .string(lengths ?? "")),
            ]
        }
        settings += [
            ("words", .string(dictionary == nil ? "characters" : "jieba")),
            ("code_similarity", .string(codeSimilarity.rawValue)),
        ]
        let results = try out.map { try ResultsFile(path: $0, settings: settings) }
        let progress = ProgressLine(say("answering"))
        defer { progress.clear() }
        let total = questions ?? input.count
        let outcome = try evaluation.run(input, answering: answering, results: results) { done in
            progress.showQuestions(done, of: total)
            return true
        }
        progress.clear()
        sayProblems(outcome.problems)
        if outcome.summary.rows.isEmpty, outcome.summary.unscored.isEmpty, outcome.problems.count > 0 {
            throw CommandError.content(
                file: file,
                problem: say(
                    "no line of it could be used, so that there is nothing to score: it takes questions or answers of LongBench, LongBench v2 or L-Eval"
                ))
        }
        let report = EvaluateReport(outcome, hasOwnPrompts: answering != nil && prompts == nil)
        try StandardOutput.write(json ? JSONText.encode(report) : report.text)
    }

    /// Whether a model has to be asked.
    private func hasQuestions(_ input: BenchmarkFile) throws -> Bool {
        var found = false
        var seen = 0
        _ = try input.read(dataset: dataset) { item in
            found = item.answer == nil
            seen += 1
            return !found && seen < questions ?? .max
        }
        return found
    }

    private func cutter() throws -> WordCutter {
        guard let dictionary else { return .characters }
        return .jieba(
            JiebaCutter(
                try JiebaDictionary(contentsOf: dictionary + "/dict.txt"),
                try JiebaModel(folder: dictionary + "/finalseg")))
    }

    private func sayProblems(_ problems: BenchmarkFile.Problems) {
        guard problems.count > 0 else { return }
        for problem in problems.first { StandardError.write(problem.description) }
        StandardError.write(
            say("\(file): \(problems.count.grouped) \(problems.count, one: "line is", many: "lines are") left out"))
    }
}

extension EditSimilarity: ExpressibleByArgument {}

extension ProgressLine {
    func showQuestions(_ done: Int, of total: Int) { showCount(say("\(done.grouped) of \(total.grouped) questions")) }
}
