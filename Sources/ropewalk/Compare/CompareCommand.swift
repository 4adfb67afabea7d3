import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers

/// `ropewalk compare TEXT --method M ...`.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: say("What methods do to a model on a text: what they keep, lose and cost."),
        discussion: say(
            """
            Every --method is one way of reading; methods that are applied together stand in one argument with blanks \
            between them: --method "yarn:factor=4 lambda:sink=4,window=512". Without --method the model's own \
            positions are compared with the usual extensions of its window. --model may be repeated; models whose \
            tokenizers differ read the same bytes and are compared by bits per byte. Positions count from the start of the text; a token is past the window where more \
            tokens stand before it than the model's trained window has.

            Every method is really run. Density, attention kept and output error are measured on the states of its own \
            run against full attention on the same states, at --queries queries in every head; KL is that of the next \
            token's distribution, from the model without the method to the model with it.

            --grid compares the attention of every head, layer by head, with that of the first model without any method, row by row \
            over the same keys: kl, js (of ln 2), tv (weight that has moved), recall (of the 8 strongest keys), kept (weight on the 8 \
            strongest keys of the changed row), output (what the head adds after its output projection). Local: every layer reads \
            what it reads in the other run; cumulative: what the changed layers below it give.

            --recordings reads folders that record or a capture has written, without any weights: losses of their runs, and what methods \
            would change on their states (previews), as means over texts with their sample standard deviation. Recordings of the same text by \
            another model or method are compared with those of the first.
            """))

    @OptionGroup var text: TextOptions

    @Option(
        name: .customLong("method"),
        help: ArgumentHelp(say("Methods that are applied together; may be repeated."), valueName: "specs"))
    var methods: [String] = []

    @Option(
        name: .customLong("model"),
        help: ArgumentHelp(
            say("A model's folder, file or name; may be repeated. Default: the bundled model."), valueName: "model"))
    var models: [String] = []

    @Option(
        help: ArgumentHelp(
            say("A LoRA adapter as PEFT saves it: the model is compared with and without it."), valueName: "path"))
    var adapter: String?

    @Option(
        help: ArgumentHelp(
            say(
                """
                What is done to the weights of the model's layers, as open takes it: the model is compared with and without it; may \
                be repeated.
                """), valueName: "change"),
        transform: { try WeightChange(parsing: $0) })
    var weightsLike: [WeightChange] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Read so many excerpts of --tokens tokens, evenly spread over the text, and take means."),
            valueName: "count"),
        transform: WholeNumber.parser(1...4096))
    var excerpts: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Queries whose attention is measured, evenly spread over the text. Default: 128."), valueName: "count"),
        transform: WholeNumber.parser(1...65_536))
    var queries: Int?

    @Option(
        help: ArgumentHelp(
            say("In place of losses: how far every head's attention moves, by kl, js, tv, recall, kept or output."),
            valueName: "measure"))
    var grid: HeadGrid.Measure?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Processors to use, 1 to 1024. Default: all."), valueName: "count"),
        transform: WholeNumber.parser(1...1024))
    var threads: Int?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            say("Folders of recordings in place of TEXT and --model: means over them, with their spread."),
            valueName: "folders"))
    var recordings: [String] = []

    @Flag(help: .said("JSON in place of a table: an array of objects, one a method and model."))
    var json = false

    @OptionGroup var language: LanguageOption

    /// The folders that are compared in place of a text; a recording that is given as TEXT alone is one.
    private var folders: [String] {
        if recordings.isEmpty, models.isEmpty, let folder = text.recording { return [folder] }
        return recordings
    }

    func validate() throws {
        if !folders.isEmpty {
            let isOther = text.ids != nil || text.tokens != nil || excerpts != nil || adapter != nil || !models.isEmpty
            if isOther || !weightsLike.isEmpty || text.text != nil && !recordings.isEmpty {
                throw CommandError.combination(
                    say("recordings are compared as they are: leave other texts, --tokens, --excerpts and --model out"))
            }
        }
        if text.from > 0 {
            throw CommandError.combination(say("compare reads the whole text or excerpts of it: leave --from out"))
        }
        if excerpts != nil, text.tokens == nil {
            throw CommandError.combination(say("--excerpts needs --tokens, the length of an excerpt: give both"))
        }
        if grid != nil, excerpts != nil {
            throw CommandError.combination(say("--grid reads one text from its beginning: leave --excerpts out"))
        }
        if adapter != nil, models.count > 1 {
            throw CommandError.combination(say("--adapter belongs to one model: give --model once"))
        }
        if !weightsLike.isEmpty, models.count > 1 {
            throw CommandError.combination(say("--weights-like belongs to one model: give --model once"))
        }
    }

    func run() throws {
        // What is wrong with a method is said before a model is loaded.
        let units = try methods.map { try Scenario(line: $0, loader: MaskFile.loader).units }
        if !folders.isEmpty { return try compareRecordings() }
        let models = try loadedModels()
        let texts = try CompareTexts(
            models, text: text, length: text.tokens, count: excerpts, units: Set(units.joined()), threads: threads ?? 0)
        if let grid { return try writeGrid(grid, models, texts) }
        var run = CompareRun(queries: queries ?? 128, threads: threads ?? 0)
        let reports = try run.reports(
            of: zip(models, texts.comparisons).flatMap { model, comparison in
                try contenders(model, tokens: comparison.length).map { contender in
                    let bound = comparison.scenario(of: contender, text: 0)
                    return (Comparison.Contender(model: model, scenario: bound), comparison)
                }
            })
        try StandardOutput.write(json ? JSONText.encode(reports) : CompareReport.text(reports))
    }

    private func compareRecordings() throws {
        let comparison = RecordedComparison(
            recordings: try ComparedRecordings(folders), methods: methods, queries: queries ?? 128,
            threads: threads ?? 0)
        if let grid {
            let grids = try comparison.grids(grid)
            return try StandardOutput.write(json ? JSONText.encode(grids) : RecordedGrid.text(grids))
        }
        let reports = try comparison.reports()
        try StandardOutput.write(json ? JSONText.encode(reports) : RecordedReport.text(reports))
    }

    private func writeGrid(_ measure: HeadGrid.Measure, _ models: [Model], _ texts: CompareTexts) throws {
        guard !texts.isByBytes, let ids = texts.comparisons.first?.texts.first, let first = models.first else {
            throw CommandError.combination(
                say("--grid compares the same tokens: these models cut the text into different ones"))
        }
        let all = try models.flatMap { model in
            [Comparison.Contender(model: model, scenario: model.defaultScenario)]
                + (methods.isEmpty ? [] : try contenders(model, tokens: ids.count))
        }
        let base = Comparison.Contender(model: first, scenario: first.defaultScenario)
        guard all.count > 1 else {
            throw CommandError.combination(
                say(
                    "--grid compares with the model without any method: give --method, --weights-like or another --model"
                ))
        }
        let grid = CompareGrid(measure: measure, queries: queries ?? 128, threads: threads ?? 0)
        let reports = try grid.reports(base, Array(all.dropFirst()), ids: ids)
        try StandardOutput.write(json ? JSONText.encode(reports) : GridReport.text(reports))
    }

    private func loadedModels() throws -> [Model] {
        let paths = models.isEmpty ? [try ModelName.path(nil)] : try models.map { try ModelName.path($0) }
        let needsTokenizer = text.ids == nil
        var models = try paths.map { try Model.loaded($0, needsTokenizer: needsTokenizer) }
        guard let path = paths.first else { return models }
        if let adapter { models.append(try Model(contentsOf: path, adapter: adapter, needsTokenizer: needsTokenizer)) }
        for change in weightsLike {
            models.append(
                try Model(contentsOf: path, adapter: adapter, change: change, needsTokenizer: needsTokenizer))
        }
        return models
    }

    private func contenders(_ model: Model, tokens: Int) throws -> [Comparison.Contender] {
        let scenarios =
            methods.isEmpty
            ? Comparison.standardScenarios(for: model, tokens: tokens)
            : try methods.map {
                try Scenario(line: $0, position: model.defaultScenario.position, loader: MaskFile.loader)
            }
        return scenarios.map { Comparison.Contender(model: model, scenario: $0) }
    }
}
