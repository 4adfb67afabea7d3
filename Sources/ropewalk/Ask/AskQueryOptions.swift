import ArgumentParser
import RopewalkExport
import RopewalkPhrases

/// What questions about one query of one head take.
struct AskQueryOptions: ParsableArguments {
    @OptionGroup var ask: AskOptions

    @Option(
        help: ArgumentHelp(say("Layer and head, such as 3.7."), valueName: "layer.head"), transform: AskedHead.parse)
    var head: AskedHead

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The token that reads. Default: the last one."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int?

    /// The model, the text's tokens and the query, before anything is run.
    ///
    /// - Parameter needsStates: whether the question is about more than weights, so that given maps have no answer
    /// - Throws: where there is no such head, or no such token.
    func open(needsStates: Bool = false) throws -> (asked: Asked, query: Int) {
        let asked = try ask.open(needsStates: needsStates)
        try asked.checkOneKind()
        let query = at ?? asked.document.tokenCount - 1
        try asked.check("--at", query)
        try asked.check(head)
        return (asked, query)
    }

    func write(_ table: AnswerTable) throws { try ask.write(table) }
}
