import ArgumentParser
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk heads TEXT`.
struct HeadsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heads", abstract: say("Scores of every head, on a text and on random tokens repeated once."),
        discussion: say(
            """
            Means over queries. entropy: of the weights, bits. distance: query − key by weight, tokens. sink: weight on the \
            head's sinks, the keys that are the strongest of one in twenty queries or more, and of three at least, wherever they stand ("sinks \
            at"). previous: weight on the token before. induction: weight on what followed the query's token last time. \
            retrieval: how often the strongest key is no sink and holds the token that comes next, less how often that \
            would happen if the same keys met the next tokens of the text in random order.

            Which circuit a head holds is decided on the random tokens, where nothing but the circuit helps.

            --ablate leaves out one head after the other, then the attention and the feed-forward layer of every layer, each in a run of \
            its own over the first --tokens tokens (512 without it): what the mean loss rises by, nats.

            --measures: what the literature measures, row by row, over as many tokens. entropy: nats. of most: of ln(keys). keys: \
            e to the entropy, mean. of even: of the distance that equal weights would have. first N: weight on the first --sinks tokens, of \
            the queries after them. itself: on the query's own token. duplicate: on the same token, wherever it stood before. induction: on what \
            followed it, each time; both over the queries whose token stood earlier.

            --needle 203-209: the model goes on behind the text for up to --count tokens. by step: how many of them are the token that the head \
            looks at most, within that passage, over the tokens of the passage (retrieval heads, Wu et al. 2024, as their code counts). by \
            token: the share of the passage's different tokens, as the paper writes.
            """))

    @OptionGroup var text: TextOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var selection: HeadOptions

    @Flag(help: .said("What the loss rises by without each head, in place of the scores: one run a part."))
    var ablate = false

    @Flag(
        help: .said(
            "Entropy, distance, sink, duplicates and more beside what equal weights would have, in place of the scores."
        ))
    var measures = false

    @Option(
        help: ArgumentHelp(say("With --measures: how many of the first tokens count as the sink."), valueName: "n"),
        transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var sinks: Int?

    @Option(
        help: ArgumentHelp(
            say("Which heads look at what the model copies of these tokens, in place of the scores: 203-209."),
            valueName: "tokens"),
        transform: AskedTokens.parse)
    var needle: IndexList?

    @Option(
        help: ArgumentHelp(say("With --needle: tokens that the model writes at most. Default: 50."), valueName: "n"),
        transform: WholeNumber.parser(1...10_000))
    var count: Int?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            say("Folders of recordings of one model: means of the scores over them, with their spread."),
            valueName: "folders"))
    var recordings: [String] = []

    @Flag(help: .said("JSON in place of a table: an array of objects, one a head."))
    var json = false

    @Flag(help: .said("CSV in place of a table, a line a head."))
    var csv = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if [ablate, measures, needle != nil].count(where: { $0 }) > 1 {
            throw CommandError.combination(say("of --ablate, --measures and --needle only one is answered: give that"))
        }
        if !recordings.isEmpty, ablate || measures || needle != nil || text.text != nil || model.model != nil {
            throw CommandError.combination(
                say("--recordings are read alone: leave TEXT, --model and other questions out"))
        }
        if json, csv { throw CommandError.combination(say("--json and --csv are both given: leave one out")) }
        if sinks != nil, !measures {
            throw CommandError.combination(say("--sinks is a part of --measures: give that too"))
        }
        if count != nil, needle == nil {
            throw CommandError.combination(say("--count is a part of --needle: give that too"))
        }
    }

    func run() throws {
        if !recordings.isEmpty { return try writeSpread() }
        let model = try model.load(for: text, needsTokenizer: text.ids == nil)
        let text = try text.ofRecording(self.model)
        let layers = Set(try selection.layers(of: model.shape))
        let heads = Set(try selection.heads(of: model.shape))
        let scenario = try text.boundToRecorded(scenario.scenario(for: model), for: model)
        let contender = Comparison.Contender(model: model, scenario: scenario)
        if ablate { return try writeAblations(of: contender) }
        if measures { return try writeMeasures(of: contender, layers: layers, heads: heads) }
        if let needle { return try writeCopies(of: contender, needle: needle, layers: layers, heads: heads) }
        let recording = try Run(model: model, scenario: scenario, threads: self.model.threadCount)
            .record(text.tokenIDs(of: model))
        let scores = Lens(recording: recording, threads: self.model.threadCount).headScores()
        // A recording is of its own text: circuits are decided on others.
        let circuits: [HeadScore?] =
            model.hasWeights
            ? try Circuits.scores(of: model, threads: self.model.threadCount)
            : Array(repeating: nil, count: scores.count)
        let reports = zip(scores, circuits).map { HeadReport(score: $0, onRandomTokens: $1) }
            .filter { layers.contains($0.score.layer) && heads.contains($0.score.head) }
        if !model.hasWeights {
            StandardError.write(
                say("\(model.name) is here without weights: circuits, which runs on random tokens show, are left out"))
        }
        if csv { return try StandardOutput.write(HeadReport.table(reports).csv) }
        try StandardOutput.write(json ? JSONText.encode(reports) : HeadReport.text(reports))
    }

    private func writeSpread() throws {
        let spread = try HeadSpread(recordings, selection: selection, threads: model.threadCount)
        if csv { return try StandardOutput.write(spread.table.csv) }
        if json { return try StandardOutput.write(String(decoding: spread.table.bytes(.json), as: UTF8.self)) }
        try StandardOutput.write(spread.text)
    }

    /// Tokens that are read where nobody says how many: every part of the model is one run.
    private static let usualTokens = 512

    /// The tokens that are read where every part of the model is a run, or every row is measured: all of a recording.
    func excerpt(of model: Model) throws -> [Int32] {
        var excerpt = try text.ofRecording(self.model)
        if let recorded = try excerpt.recorded(by: model) { return recorded.ids }
        excerpt.tokens = text.tokens ?? Self.usualTokens
        return try excerpt.tokenIDs(model.tokenizer, vocabulary: model.shape.vocabulary)
    }

    private func writeAblations(of contender: Comparison.Contender) throws {
        let model = contender.model
        try model.requireWeights(for: say("every part is left out in a run of its own, which is made with them"))
        try model.checkPredictsNext()
        let ids = try excerpt(of: model)
        guard ids.count > 1 else {
            throw CommandError.combination(say("a loss needs two tokens or more: give a longer text"))
        }
        try model.check(contender.scenario, tokens: ids.count)
        let progress = ProgressLine(say("leaving out"))
        defer { progress.clear() }
        let (layers, heads) = (try selection.layers(of: model.shape), try selection.heads(of: model.shape))
        let grid = try Comparison(texts: [ids], threads: self.model.threadCount).ablations(of: contender) { known in
            progress.show(known.losses.count, of: known.places.count)
        }
        guard json || csv else {
            return try StandardOutput.write(AblationReport.text(grid, layers: layers, heads: heads))
        }
        let reports = AblationReport.reports(grid).filter { report in
            guard layers.contains(report.place.layer) else { return false }
            if case .head(let head) = report.place.part { return heads.contains(head) }
            return selection.heads == nil
        }
        try StandardOutput.write(csv ? AblationReport.table(reports).csv : JSONText.encode(reports))
    }
}
