import ArgumentParser
import RopewalkApp
import RopewalkDocuments
import RopewalkEvaluation
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk perplexity TEXT ... --window W --stride S --method M ... --contexts C`.
struct PerplexityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: say("What a model loses on texts by position, and by how much it reads before a token."),
        discussion: say(
            """
            Without --window every text is read as a whole, as far as --tokens goes. With it, in windows of so many tokens that \
            begin --stride tokens apart, each by itself; only what no earlier window has read counts, so that every token but \
            the first has one loss, as in the transformers library's guide to perplexity. A short stride gives every token a \
            long context and takes long. Losses are means in nats over buckets of positions in the text, with their counts; a \
            perplexity is exp of a mean, never the mean of others.

            --contexts reads the same tokens in windows of each of these sizes, half a window apart, so that a token has at least \
            half as much before it; only tokens count that have the longest one before them. change: the loss less that with \
            the longest. enough: the shortest context that no longer one betters by 0.01 nats.

            Every --method is one way of reading; methods that are applied together stand in one argument with blanks between them.
            """))

    @Argument(help: .said("Files of UTF-8 text. Default: the bundled book."))
    var texts: [String] = []

    @OptionGroup var model: ModelOptions

    @Option(
        name: .customLong("method"),
        help: ArgumentHelp(say("Methods that are applied together; may be repeated."), valueName: "specs"))
    var methods: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The first N tokens of each text only."), valueName: "n"),
        transform: WholeNumber.parser(2...TextOptions.tokenLimit))
    var tokens: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Tokens of a window. Default: each text is one."), valueName: "tokens"),
        transform: WholeNumber.parser(2...TextOptions.tokenLimit))
    var window: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Tokens from one window to the next. Default: half a window."), valueName: "tokens"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var stride: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Positions of a bucket. Default: a sixteenth of the longest text."), valueName: "tokens"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var bucket: Int?

    @Option(
        help: ArgumentHelp(say("Contexts to compare: 32,64,128 ..."), valueName: "tokens"),
        transform: { try NeedleSeries.parse($0, in: 2...TextOptions.tokenLimit) })
    var contexts: [Int] = []

    @Option(help: ArgumentHelp(say("A figure as well: NAME.svg, .png or .html."), valueName: "file"))
    var figure: String?

    @Flag(help: .said("JSON in place of tables: an array of objects, one a method."))
    var json = false

    @Flag(help: .said("CSV in place of tables, a line a bucket or context."))
    var csv = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if json, csv { throw CommandError.combination(say("--json and --csv are both given: leave one out")) }
        if stride != nil, window == nil {
            throw CommandError.combination(say("--stride goes from window to window: give --window too"))
        }
        if let window, let stride, stride > window {
            throw CommandError.combination(
                say("--stride \(stride) would leave tokens out between windows of \(window): give one up to that"))
        }
        if let figure { _ = try FigurePath.format(figure, option: "--figure") }
    }

    func run() throws {
        for line in methods { _ = try Scenario(line: line, loader: MaskFile.loader) }
        try OutputFile.check(figure, reads: texts, model: model)
        let model = try self.model.load()
        let documents = try documents(model)
        let contenders = try contenders(model)
        let longest = documents.map(\.tokenCount).max() ?? 0
        guard longest > 1 else {
            throw CommandError.combination(say("a loss is that of the next token: two tokens or more are needed"))
        }
        if let context = contexts.max(), context >= longest {
            throw CommandError.combination(
                say("--contexts \(context.grouped): no text has more tokens than that, so that none could be counted"))
        }
        let run = PerplexityRun(
            documents: documents, window: window, stride: stride ?? max(1, (window ?? 2) / 2),
            bucket: bucket ?? max(1, (longest + 15) / 16), contexts: contexts, threads: self.model.threadCount)
        let reports = try run.reports(of: contenders)
        if let figure { try FigurePath.write(PerplexityReport.figures(reports, run), to: figure) }
        if json { return try StandardOutput.write(JSONText.encode(reports)) }
        try StandardOutput.write(csv ? PerplexityReport.table(reports).csv : PerplexityReport.text(reports, run))
    }

    private func documents(_ model: Model) throws -> [Document] {
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        let paths = texts.isEmpty ? [try SamplesFolder.book()] : texts
        return try paths.map { path in
            let document = try Document(contentsOf: path, tokenizer: tokenizer)
            if document.text.isEmpty { throw CommandError.emptyText(path) }
            return tokens.map { document.prefix(tokens: $0) } ?? document
        }
    }

    private func contenders(_ model: Model) throws -> [Comparison.Contender] {
        let own = model.defaultScenario
        let scenarios =
            methods.isEmpty
            ? [own] : try methods.map { try Scenario(line: $0, position: own.position, loader: MaskFile.loader) }
        return scenarios.map { Comparison.Contender(model: model, scenario: $0) }
    }
}
