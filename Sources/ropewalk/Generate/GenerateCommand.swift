import ArgumentParser
import Foundation
import RopewalkGeneration
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal
import RopewalkTokenizers

/// `ropewalk generate TEXT`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: say("Continues a text with a model, under any method."),
        discussion: say(
            """
            What follows goes to standard output as it comes, without the text itself. By default the most probable token is \
            taken each time; --temperature and what stands with it draw. Of a model with an encoder that reads the text, the \
            answer of its decoder. Ctrl-C ends the text where it is.
            """))

    @OptionGroup var text: TextOptions

    @Option(
        help: ArgumentHelp(say("Text that is continued, in place of TEXT."), valueName: "text"))
    var prompt: String?

    @Flag(
        help: .said("The text is what somebody asks: the model's chat template makes a prompt of it."))
    var chat = false

    @Option(help: ArgumentHelp(say("With --chat: what the model is told first."), valueName: "text"))
    var system: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions

    @Option(
        help: ArgumentHelp(say("Tokens that follow at most."), valueName: "n"),
        transform: WholeNumber.parser(1...1_000_000))
    var count: Int = 100

    @OptionGroup var sampling: SamplingOptions

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(say("Ends before this text, which is left out; may be repeated."), valueName: "text"))
    var stop: [String] = []

    @Flag(help: .said("Goes on behind tokens that end a text."))
    var ignoreEnd = false

    @Option(
        help: ArgumentHelp(
            say("With --json: the most probable tokens at each place, this many."), valueName: "n"),
        transform: WholeNumber.parser(1...1000))
    var candidates: Int?

    @Flag(
        help: .said("A line of JSON a token as it comes, and one at the end that says why it ended."))
    var json = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if prompt != nil, text.text != nil || text.ids != nil {
            throw CommandError.combination(say("--prompt and TEXT are both given: leave one out"))
        }
        if system != nil, !chat {
            throw CommandError.combination(say("--system is a part of --chat: give that too"))
        }
        if chat, text.ids != nil {
            throw CommandError.combination(say("--chat takes a text, --ids has none: leave one out"))
        }
        if candidates != nil, !json {
            throw CommandError.combination(say("--candidates is a part of --json: give that too"))
        }
    }

    func run() throws {
        let request = GenerationRequest(
            count: count, sampling: try sampling.settings(), stops: stop, endsAtEndTokens: !ignoreEnd)
        let model = try model.load(needsTokenizer: text.ids == nil)
        let scenario = try text.bound(scenario.scenario(for: model), for: model)
        Interrupt.listen()
        let run = GenerateRun(
            model: model, scenario: scenario, request: request, threads: self.model.threadCount)
        let output = GenerateOutput(isJSON: json, candidates: candidates ?? 0)
        try run.write(try ids(model), to: output)
    }

    private func ids(_ model: Model) throws -> [Int32] {
        if chat { return try conversation(model) }
        guard let prompt else { return try text.tokenIDs(model.tokenizer, vocabulary: model.shape.vocabulary) }
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        let ids = try text.reading(tokenizer).encode(prompt, addSpecialTokens: true).ids
        guard !ids.isEmpty else { throw CommandError.emptyText("--prompt") }
        return ids
    }

    /// The tokens of a question as the model was taught to be asked; its template writes the special ones.
    private func conversation(_ model: Model) throws -> [Int32] {
        guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
        let template = try ChatTemplate(GenerationDefaults(contentsOf: model.path), model: model.name)
        let question = try prompt ?? String(decoding: text.source().bytes, as: UTF8.self)
        let messages =
            (system.map { [ChatMessage(role: "system", content: $0)] } ?? []) + [
                ChatMessage(role: "user", content: question)
            ]
        let ids = try tokenizer.encode(template.prompt(messages), addSpecialTokens: false).ids
        guard !ids.isEmpty else { throw CommandError.emptyText("--chat") }
        return ids
    }
}

/// How tokens are drawn.
struct SamplingOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Divides the logits before one is drawn, 0 to 100; 0 takes the most probable token."),
            valueName: "number"),
        transform: DecimalNumber.parser(SamplingSettings.temperatures))
    var temperature: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Draws among this many of the most probable tokens."), valueName: "n"),
        transform: WholeNumber.parser(SamplingSettings.topKs))
    var topK: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Draws among the most probable tokens that make up this probability together, 0 to 1."),
            valueName: "number"),
        transform: DecimalNumber.parser(0...1))
    var topP: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Draws among tokens that are at least this times as probable as the most probable one, 0 to 1."),
            valueName: "number"),
        transform: DecimalNumber.parser(0...1))
    var minP: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Where the random numbers begin: a seed gives the same text again."), valueName: "n"),
        transform: WholeNumber.parser(0...Int.max))
    var seed: Int = 0

    /// With one of the others alone the temperature is 1: what is asked for is to draw.
    func settings() throws -> SamplingSettings {
        let draws = topK != nil || topP != nil || minP != nil
        let settings = SamplingSettings(
            temperature: temperature ?? (draws ? 1 : 0), topK: topK, topP: topP, minP: minP, seed: UInt64(seed))
        do { try settings.check() } catch {
            if case .setting(let name, let value, let takes) = error {
                throw CommandError.outOfRange(option: "--" + name, value: value, takes: takes)
            }
            throw error
        }
        return settings
    }
}
