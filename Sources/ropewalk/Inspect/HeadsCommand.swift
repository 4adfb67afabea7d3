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
            """))

    @OptionGroup var text: TextOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var selection: HeadOptions

    @Flag(help: .said("JSON in place of a table: an array of objects, one a head."))
    var json = false

    @OptionGroup var language: LanguageOption

    func run() throws {
        let model = try model.load(needsTokenizer: text.ids == nil)
        let layers = Set(try selection.layers(of: model.shape))
        let heads = Set(try selection.heads(of: model.shape))
        let scenario = try scenario.scenario(for: model)
        let recording = try Run(model: model, scenario: scenario, threads: self.model.threadCount)
            .record(text.tokenIDs(model.tokenizer, vocabulary: model.shape.vocabulary))
        let scores = Lens(recording: recording, threads: self.model.threadCount).headScores()
        let circuits = try Circuits.scores(of: model, threads: self.model.threadCount)
        let reports = zip(scores, circuits).map { HeadReport(score: $0, onRandomTokens: $1) }
            .filter { layers.contains($0.score.layer) && heads.contains($0.score.head) }
        try StandardOutput.write(json ? JSONText.encode(reports) : HeadReport.text(reports))
    }
}
