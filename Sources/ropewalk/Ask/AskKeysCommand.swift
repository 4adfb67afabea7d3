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
            AnswerTable([
                .init("token", .integers(tokens)), .init("word", .words(asked.words(tokens))),
                .init("distance", .integers(tokens.map { at - $0 })), .init("weight", .numbers(top.map(\.weight))),
                .init("by_value", .numbers(shares)), .init("kind", .words(asked.kinds(tokens, of: head, lens))),
                .init("around", .words(asked.surroundings(tokens))),
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
        let tokens = top.map(\.token)
        try inHead.ask.write(
            AnswerTable([
                .init("token", .integers(tokens)), .init("word", .words(asked.words(tokens))),
                .init("distance", .integers(tokens.map { $0 - key })), .init("weight", .numbers(top.map(\.weight))),
                .init("around", .words(asked.surroundings(tokens))),
            ]))
    }
}

extension Asked {
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
