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
            """))

    @OptionGroup var text: TextOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var selection: HeadOptions

    @Flag(help: .said("What the loss rises by without each head, in place of the scores: one run a part."))
    var ablate = false

    @Flag(help: .said("JSON in place of a table: an array of objects, one a head."))
    var json = false

    @OptionGroup var language: LanguageOption

    func run() throws {
        let model = try model.load(needsTokenizer: text.ids == nil)
        let layers = Set(try selection.layers(of: model.shape))
        let heads = Set(try selection.heads(of: model.shape))
        let scenario = try text.bound(scenario.scenario(for: model), for: model)
        if ablate { return try writeAblations(of: Comparison.Contender(model: model, scenario: scenario)) }
        let recording = try Run(model: model, scenario: scenario, threads: self.model.threadCount)
            .record(text.tokenIDs(model.tokenizer, vocabulary: model.shape.vocabulary))
        let scores = Lens(recording: recording, threads: self.model.threadCount).headScores()
        let circuits = try Circuits.scores(of: model, threads: self.model.threadCount)
        let reports = zip(scores, circuits).map { HeadReport(score: $0, onRandomTokens: $1) }
            .filter { layers.contains($0.score.layer) && heads.contains($0.score.head) }
        try StandardOutput.write(json ? JSONText.encode(reports) : HeadReport.text(reports))
    }

    /// Tokens that are read where nobody says how many: every part of the model is one run.
    private static let usualTokens = 512

    private func writeAblations(of contender: Comparison.Contender) throws {
        let model = contender.model
        try model.checkPredictsNext()
        var excerpt = text
        excerpt.tokens = text.tokens ?? Self.usualTokens
        let ids = try excerpt.tokenIDs(model.tokenizer, vocabulary: model.shape.vocabulary)
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
        guard json else {
            return try StandardOutput.write(AblationReport.text(grid, layers: layers, heads: heads))
        }
        let reports = AblationReport.reports(grid).filter { report in
            guard layers.contains(report.place.layer) else { return false }
            if case .head(let head) = report.place.part { return heads.contains(head) }
            return selection.heads == nil
        }
        try StandardOutput.write(JSONText.encode(reports))
    }
}
