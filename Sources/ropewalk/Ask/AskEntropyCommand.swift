import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkPhrases

/// `ropewalk ask entropy TEXT`.
struct AskEntropyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entropy", abstract: say("How widely every token spreads its attention, along the text."),
        discussion: say(
            """
            Bits of the weights on the keys: 0 where all lies on one key, log₂ n where n keys share it evenly. entropy: the mean \
            over the heads that are asked for; lowest and highest: of one of them. Default: all heads of all layers.
            """))

    @OptionGroup var ask: AskOptions
    @OptionGroup var select: HeadOptions

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open()
        try asked.checkOneKind()
        let (layers, heads) = (try select.layers(of: asked.model.shape), try select.heads(of: asked.model.shape))
        guard let entropies = Entropies(try asked.lens().recording, layers: layers, heads: heads) else {
            throw CommandError.combination(
                say("the run kept sums in place of pairs (linear, performer): entropies are not known"))
        }
        let tokens = Array(entropies.mean.indices)
        try ask.write(
            AnswerTable([
                .init("token", .integers(tokens)), asked.wordColumn(tokens),
                .init("entropy", .numbers(entropies.mean)), .init("lowest", .numbers(entropies.lowest)),
                .init("highest", .numbers(entropies.highest)),
            ]))
    }
}
