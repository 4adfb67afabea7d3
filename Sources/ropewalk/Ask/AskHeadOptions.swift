import ArgumentParser
import RopewalkLens
import RopewalkPhrases

/// What questions about a token in one head take.
struct AskHeadOptions: ParsableArguments {
    @OptionGroup var ask: AskOptions

    @Option(
        help: ArgumentHelp(say("Layer and head, such as 3.7."), valueName: "layer.head"), transform: AskedHead.parse)
    var head: AskedHead

    @Option(
        help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 20

    /// The model and the text's tokens, before anything is run.
    ///
    /// - Throws: where there is no such head, or no such token.
    /// - Parameter ofKeys: whether the tokens are read ones, which may be another text's
    func open(_ option: String, _ tokens: IndexList, ofKeys: Bool = false) throws -> (Asked, TokenSpan) {
        let asked = try ask.open(takesTwoTexts: true)
        try asked.checkOneKind()
        let span = try (ofKeys ? asked.ofKeys : asked).span(option, tokens)
        try asked.check(head)
        return (asked, span)
    }
}
