import ArgumentParser
import RopewalkExport
import RopewalkPhrases

/// What questions about tiles and pages take: a text, and the token up to which all are in the cache.
struct AskCacheOptions: ParsableArguments {
    @OptionGroup var ask: AskOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("The token that reads, the last in the cache. Default: the last one."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int?

    /// The model and the text's tokens with the token that is asked about, before anything is run.
    ///
    /// - Parameter head: nil where the question is about none
    /// - Throws: where there is no such head, or no such token.
    func open(_ head: AskedHead?) throws -> (asked: Asked, token: Int) {
        let asked = try ask.open(needsStates: true)
        try asked.checkOneKind()
        let token = at ?? asked.document.tokenCount - 1
        try asked.check("--at", token)
        if let head { try asked.check(head) }
        return (asked, token)
    }

    func write(_ table: AnswerTable) throws { try ask.write(table) }
}
