import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk ask keys TEXT --at Q --head L.H`.
struct AskKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: say("What a token reads in one head, or several together: the strongest keys."),
        discussion: say(
            """
            weight: of several tokens the mean over them; highest: what one of them gives at most; distance: from the first. \
            by_value: weight · |value| of the same over all keys: what the key adds to the head's output. kind: special for \
            special tokens, sink for keys that are the strongest of one in twenty queries of the head, and of three at least. The strongest of all keys; \
            words first, the highest weight first, then those of a kind, as in the program.
            """))

    @OptionGroup var inHead: AskHeadOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The token that reads, or several: 203-209."), valueName: "tokens"),
        transform: AskedTokens.parse)
    var at: IndexList

    @OptionGroup var language: LanguageOption

    func run() throws {
        let (asked, queries) = try inHead.open("--at", at)
        let head = inHead.head
        let lens = try asked.lens()
        let row = lens.spanRow(layer: head.layer, head: head.head, queries: queries)
        let strongest = TopTokens.highest(inHead.count, in: row.mean)
        let kinds = asked.kinds(strongest.map(\.token), of: head, lens)
        let places = strongest.indices.filter { kinds[$0].isEmpty } + strongest.indices.filter { !kinds[$0].isEmpty }
        let top = places.map { strongest[$0] }
        let tokens = top.map(\.token)
        let shares = lens.valueShares(of: row, layer: head.layer, head: head.head)
        let highest: [AnswerTable.Column] =
            queries.count > 1 ? [.init("highest", .numbers(tokens.map { row.highest[$0] }))] : []
        try inHead.ask.write(
            asked.ofKeys.table(
                top, distance: asked.keyDocument == nil ? { queries.first - $0 } : nil,
                more: highest + [
                    .init("by_value", .numbers(tokens.map { shares[$0] })),
                    .init("kind", .words(places.map { kinds[$0] })),
                ]))
    }
}

/// `ropewalk ask readers TEXT --key K --head L.H`.
struct AskReadersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readers",
        abstract: say(
            "Who reads a token in one head, or several together: the queries that give them the highest weight."),
        discussion: say("weight: of several tokens the sum over them; distance: from the first of them."))

    @OptionGroup var inHead: AskHeadOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The token that is read, or several: 203-209."), valueName: "tokens"),
        transform: AskedTokens.parse)
    var key: IndexList

    @OptionGroup var language: LanguageOption

    func run() throws {
        let (asked, keys) = try inHead.open("--key", key, ofKeys: true)
        let head = inHead.head
        let column = try asked.lens().spanColumn(layer: head.layer, head: head.head, keys: keys)
        let top = TopTokens.highest(inHead.count, in: column.weights)
        try inHead.ask.write(asked.table(top, distance: asked.keyDocument == nil ? { $0 - keys.first } : nil))
    }
}

extension Asked {
    /// A line a token: its word, how far it is from the one that was asked about, the weight between them, `more` of it,
    /// and what stands around it.
    fileprivate func table(
        _ top: [WeightedToken], distance: ((Int) -> Int)?, more: [AnswerTable.Column] = []
    ) -> AnswerTable {
        let tokens = top.map(\.token)
        // Between two texts there is none.
        var columns: [AnswerTable.Column] = [.init("token", .integers(tokens)), wordColumn(tokens)]
        if let distance { columns.append(.init("distance", .integers(tokens.map(distance)))) }
        columns.append(.init("weight", .numbers(top.map(\.weight))))
        return AnswerTable(columns + more + [.init("around", .words(surroundings(tokens)))])
    }

    /// What stands apart from the words of the text. [token of `tokens`]
    fileprivate func kinds(_ tokens: [Int], of head: AskedHead, _ lens: Lens) -> [String] {
        let sinks = lens.sinkKeys(layer: head.layer, head: head.head)
        return tokens.map { kind($0, sinks: sinks) }
    }
}
