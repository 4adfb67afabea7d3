import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk ask received TEXT`.
struct AskReceivedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "received",
        abstract: say("Which tokens get attention: what each receives from all tokens in all."),
        discussion: say(
            """
            share: of all attention, what falls on the token: the mean weight over all queries and the heads that are asked for. \
            mean: over the queries that could see it. kind: special for special tokens. sink_heads: of how many of the heads it is a \
            sink, the strongest key of one in twenty queries, and of three at least; sink_head and sink_share: the head (layer.head) of which it is that \
            most, and of which share of its queries. Default: all heads of all layers. Highest share first.
            """))

    @OptionGroup var ask: AskOptions
    @OptionGroup var select: HeadOptions

    @Option(
        help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 20

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open()
        try asked.checkOneKind()
        let (layers, heads) = (try select.layers(of: asked.model.shape), try select.heads(of: asked.model.shape))
        let lens = try asked.lens()
        var received = lens.receivedAttention(layers: layers, heads: heads)
        while !received.isComplete { lens.extend(&received) }
        let (shares, means) = (received.shares, received.means)
        let tokens = TopTokens.highest(count, in: shares).map(\.token)
        let sinks = lens.sinkHeads(layers: layers, heads: heads)
        try ask.write(
            AnswerTable([
                .init("token", .integers(tokens)), asked.wordColumn(tokens),
                .init("share", .numbers(tokens.map { shares[$0] })), .init("mean", .numbers(tokens.map { means[$0] })),
                .init("kind", .words(tokens.map { asked.kind($0, sinks: []) })),
                .init("sink_heads", .integers(tokens.map { sinks[$0]?.count ?? 0 })),
                .init("sink_head", .words(tokens.map { sinks[$0].map { "\($0.layer).\($0.head)" } ?? "" })),
                .init("sink_share", .numbers(tokens.map { sinks[$0]?.share ?? 0 })),
                .init("around", .words(asked.surroundings(tokens))),
            ]))
    }
}
