import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods

/// `ropewalk ask received TEXT`.
struct AskReceivedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "received", abstract: "Which tokens get attention: what each receives from all tokens in all.",
        discussion: """
            share: of all attention, what falls on the token: the mean weight over all queries and the heads that are asked for. \
            mean: over the queries that could see it. kind: special for special tokens, sink for keys that are the strongest of one in \
            twenty queries of one of the heads. Default: all heads of all layers. Highest share first.
            """)

    @OptionGroup var ask: AskOptions
    @OptionGroup var select: HeadOptions

    @Option(
        help: ArgumentHelp("How many.", valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 20

    func run() throws {
        let asked = try ask.open()
        try asked.checkOneKind()
        let (layers, heads) = (try select.layers(of: asked.model.shape), try select.heads(of: asked.model.shape))
        let lens = try asked.lens()
        var received = lens.receivedAttention(layers: layers, heads: heads)
        while !received.isComplete { lens.extend(&received) }
        let (shares, means) = (received.shares, received.means)
        let tokens = TopTokens.highest(count, in: shares).map(\.token)
        let scores = lens.headScores().filter { layers.contains($0.layer) && heads.contains($0.head) }
        let sinks = Set(scores.flatMap { $0.sinks.map(\.key) })
        try ask.write(
            AnswerTable([
                .init("token", .integers(tokens)), .init("word", .words(asked.words(tokens))),
                .init("share", .numbers(tokens.map { shares[$0] })), .init("mean", .numbers(tokens.map { means[$0] })),
                .init("kind", .words(tokens.map { asked.kind($0, sinks: sinks) })),
                .init("around", .words(asked.surroundings(tokens))),
            ]))
    }
}
