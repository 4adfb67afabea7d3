import ArgumentParser
import Foundation
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask next TEXT --at Q`.
struct AskNextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next",
        abstract: say("What the model expects after a token, and the rank of what really follows."),
        discussion: say(
            """
            The most probable tokens, and the one that follows in the text (follows: 1) wherever it ranks. rank: one more \
            than there are tokens with a higher probability; log_probability: the natural logarithm, for what is too small.
            """))

    @OptionGroup var after: AskAfterOptions

    @Option(help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...100_000))
    var count: Int = 5

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try after.open()
        let lens = try asked.lens()
        guard let next = asked.model.nextTokens(after: after.at, in: lens.recording, count: count) else { return }
        try after.ask.write(AnswerTable(asked.columns(CandidateLine.lines(next))))
    }
}

/// `ropewalk ask surprises TEXT`.
struct AskSurprisesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "surprises", abstract: say("The tokens that the model expected least, the worst first."),
        discussion: say("nats: −ln p of the token after those before it. probability: p."))

    @OptionGroup var ask: AskOptions

    @Option(
        help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 20

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open(needsStates: true)
        try asked.checkPredicts(isRecorded: true)
        let losses = try asked.lens().recording.negativeLogLikelihood
        let worst = losses.indices.sorted { losses[$0] == losses[$1] ? $0 < $1 : losses[$0] > losses[$1] }
            .prefix(count)
        // The loss of a token stands at the one before it.
        let tokens = worst.map { $0 + 1 }
        try ask.write(
            AnswerTable([
                .init("token", .integers(tokens)), asked.wordColumn(tokens),
                .init("nats", .numbers(worst.map { losses[$0] })),
                .init("probability", .numbers(worst.map { expf(-losses[$0]) })),
                .init("around", .words(asked.surroundings(tokens))),
            ]))
    }
}
