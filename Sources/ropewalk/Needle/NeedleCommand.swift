import ArgumentParser
import RopewalkEvaluation
import RopewalkExport
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk needle [TEXT] --task T --lengths N --depths D --seeds S --method M ...`.
struct NeedleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "needle", abstract: say("What a model finds again of what is hidden in a long text."),
        discussion: say(
            """
            A needle is hidden in the text at every depth of prompts of every length, and asked for at their end. An answer \
            counts as found where greedy generation would begin with it: prompt and answer are read in one run, and at each \
            place of the answer its own token has to be the most likely one. share: of what has to be named, place by place \
            given the right answer so far. ended: what is most likely behind the answer does not go on with it. choice: the \
            answer's rank by probability among --candidates others; chance is one in as many. mass and seen: what every head \
            gives the needle, and which part of it the mask shows, where the answer begins.

            Every --method is one way of reading; methods that are applied together stand in one argument with blanks between \
            them. Needle, numbers and place in the text follow from the seed, so that only depth and length differ. A needle \
            goes behind the last sentence that ends before its depth, or where it has to be by the token (--borders): the true \
            depth is in the results.

            --out FILE keeps a line of JSON a prompt as soon as it is read; the same command goes on where it was stopped. A \
            line that cannot be read is named, and read again. --show 1024,50,0 opens one prompt.
            """))

    @OptionGroup var text: TextOptions
    @OptionGroup var needles: NeedleOptions
    @OptionGroup var model: ModelOptions

    @Option(
        name: .customLong("method"),
        help: ArgumentHelp(say("Methods that are applied together; may be repeated."), valueName: "specs"))
    var methods: [String] = []

    @Option(
        help: ArgumentHelp(
            say("What the map shows: score, found, loss, choice, mass or seen. Default: score."), valueName: "measure"))
    var measure = NeedleMeasure.score

    @Option(
        help: ArgumentHelp(
            say(
                "Opens one prompt in place of the map: its text with the needle lit, and every head. Length, depth, seed."
            ),
            valueName: "l,d,s"), transform: { try NeedlePlace.parse($0) })
    var show: NeedlePrompt.Place?

    @Option(help: ArgumentHelp(say("The file of results, JSON Lines, which is gone on with."), valueName: "file"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            say("A figure of the map as well: NAME.svg, .png or .html."), valueName: "file"))
    var figure: String?

    @Flag(name: .customLong("tasks"), help: .said("Lists the tasks with their numbers and leaves."))
    var listsTasks = false

    @Flag(help: .said("JSON in place of the map: an array of objects, one a prompt."))
    var json = false

    @Flag(help: .said("CSV in place of the map, a line a prompt."))
    var csv = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if text.ids != nil {
            throw CommandError.combination(say("needles are words, and --ids has none: give TEXT"))
        }
        if json, csv { throw CommandError.combination(say("--json and --csv are both given: leave one out")) }
        if show != nil, json || csv || out != nil || figure != nil {
            throw CommandError.combination(
                say("--show opens one prompt, as text: leave --json, --csv, --out and --figure out"))
        }
        if let figure { _ = try FigurePath.format(figure, option: "--figure") }
    }

    func run() throws {
        if listsTasks { return try StandardOutput.write(NeedleTaskTable.text) }
        // What is wrong with a task or a method is said before a model is loaded.
        let asked = try needles.parsedTasks()
        for line in methods { _ = try Scenario(line: line, loader: MaskFile.loader) }
        let files = try text.files()
        try OutputFile.check(out, reads: files, model: model)
        try OutputFile.check(figure, reads: files + (out.map { [$0] } ?? []), model: model)
        let model = try self.model.load()
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        let haystack = try Haystack(text.document(tokenizer), tokenizer: tokenizer)
        let run = try needleRun(asked, model, haystack)
        try run.check()
        if let show { return try NeedleShow(run: run, place: show).write() }
        let outcomes = try NeedleReading(run: run, out: out, needles: needles).outcomes()
        let report = NeedleReport(run: run, outcomes: outcomes, measure: measure)
        if let figure { try FigurePath.write(report.figures, to: figure) }
        if json || csv {
            let table = report.table
            return try StandardOutput.write(json ? table.json : table.csv)
        }
        try report.write()
    }

    private func needleRun(_ tasks: [NeedleTask], _ model: Model, _ haystack: Haystack) throws -> NeedleRun {
        let own = model.defaultScenario
        let scenarios =
            methods.isEmpty
            ? [own] : try methods.map { try Scenario(line: $0, position: own.position, loader: MaskFile.loader) }
        var run = NeedleRun(
            tasks: tasks, scenarios: scenarios, lengths: needles.lengths, depths: needles.depths, seeds: needles.seeds,
            haystack: haystack, model: model)
        (run.borders, run.choices, run.threads) = (needles.borders, needles.choices, self.model.threadCount)
        return run
    }
}

/// One place of a grid, as `1024,50,0`.
enum NeedlePlace {
    static func parse(_ text: String) throws(NeedleError) -> NeedlePrompt.Place {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw .series(text, problem: say("it takes a length, a depth and a seed, 1024,50,0"))
        }
        func number(_ part: Substring, _ range: ClosedRange<Int>) throws(NeedleError) -> Int {
            let values = try NeedleSeries.parse(String(part), in: range)
            guard values.count == 1 else {
                throw .series(text, problem: say("it takes a length, a depth and a seed, 1024,50,0"))
            }
            return values[0]
        }
        return NeedlePrompt.Place(
            length: try number(parts[0], NeedleOptions.lengthRange), depth: try number(parts[1], 0...100),
            seed: try number(parts[2], 0...999_999))
    }
}
