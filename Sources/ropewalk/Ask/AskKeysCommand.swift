import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods

/// `ropewalk ask keys TEXT --at Q --head L.H`.
struct AskKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "What a token reads in one head: its strongest keys.",
        discussion: """
            by_value: weight · |value| of the same over all keys: what the key adds to the head's output. kind: special for \
            special tokens, sink for keys that are the strongest of one in twenty queries of the head. Highest weight first.
            """)

    @OptionGroup var inHead: AskHeadOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The token that reads.", valueName: "token"),
        transform: AskedToken.parse)
    var at: Int

    func run() throws {
        let asked = try inHead.open("--at", at)
        let head = inHead.head
        let lens = try asked.lens()
        let top = lens.row(layer: head.layer, head: head.head, query: at)?.topKeys(inHead.count) ?? []
        let tokens = top.map(\.token)
        let all = lens.valueShares(layer: head.layer, head: head.head, query: at)
        let shares = tokens.map { all[$0] }
        try inHead.ask.write(
            asked.table(
                top, distance: { at - $0 },
                more: [
                    .init("by_value", .numbers(shares)), .init("kind", .words(asked.kinds(tokens, of: head, lens))),
                ]))
    }
}

/// `ropewalk ask readers TEXT --key K --head L.H`.
struct AskReadersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readers", abstract: "Who reads a token in one head: the queries that give it the highest weight.")

    @OptionGroup var inHead: AskHeadOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The token that is read.", valueName: "token"),
        transform: AskedToken.parse)
    var key: Int

    func run() throws {
        let asked = try inHead.open("--key", key)
        let head = inHead.head
        let top = try asked.lens().topQueries(layer: head.layer, head: head.head, key: key, count: inHead.count)
        try inHead.ask.write(asked.table(top, distance: { $0 - key }))
    }
}

extension Asked {
    /// A line a token: its word, how far it is from the one that was asked about, the weight between them, `more` of it,
    /// and what stands around it.
    fileprivate func table(
        _ top: [WeightedToken], distance: (Int) -> Int, more: [AnswerTable.Column] = []
    ) -> AnswerTable {
        let tokens = top.map(\.token)
        return AnswerTable(
            [
                .init("token", .integers(tokens)), .init("word", .words(words(tokens))),
                .init("distance", .integers(tokens.map(distance))), .init("weight", .numbers(top.map(\.weight))),
            ] + more + [.init("around", .words(surroundings(tokens)))])
    }

    /// What stands apart from the words of the text. [token of `tokens`]
    fileprivate func kinds(_ tokens: [Int], of head: AskedHead, _ lens: Lens) -> [String] {
        let score = lens.headScores().first { $0.layer == head.layer && $0.head == head.head }
        let sinks = Set(score?.sinks.map(\.key) ?? [])
        return tokens.map { token in
            if model.tokenizer?.isSpecial(Int(document.ids[token])) == true { return "special" }
            return sinks.contains(token) ? "sink" : ""
        }
    }
}
