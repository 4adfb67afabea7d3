import ArgumentParser
import RopewalkDocuments
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk ask sentences TEXT --head L.H`.
struct AskSentencesCommand: ParsableCommand {
    static let configuration = AskPartsOptions.configuration(.sentence)

    @OptionGroup var parts: AskPartsOptions

    @OptionGroup var language: LanguageOption

    func run() throws { try parts.answer(.sentence) }
}

/// `ropewalk ask paragraphs TEXT --head L.H`.
struct AskParagraphsCommand: ParsableCommand {
    static let configuration = AskPartsOptions.configuration(.paragraph)

    @OptionGroup var parts: AskPartsOptions

    @OptionGroup var language: LanguageOption

    func run() throws { try parts.answer(.paragraph) }
}

/// What questions about parts of a text take.
struct AskPartsOptions: ParsableArguments {
    static func configuration(_ part: TextPart) -> CommandConfiguration {
        CommandConfiguration(
            commandName: "\(part)s", abstract: say("Which \(part) reads which, in one head."), discussion: discussion)
    }

    private static let discussion = say(
        """
        weights: of the tokens of a part the mean, of the weights summed over the tokens of the other part. Special tokens \
        are of no part, so that a row adds up to less than 1. JSON has the parts with their words and the matrix, CSV a column for \
        each part, npy the matrix as float32; text the first words and the strongest of each.
        """)

    @OptionGroup var ask: AskOptions

    @Option(
        help: ArgumentHelp(say("Layer and head, such as 3.7."), valueName: "layer.head"), transform: AskedHead.parse)
    var head: AskedHead

    /// Parts whose matrix fits into memory.
    private static let most = 2_048

    func answer(_ part: TextPart) throws {
        let asked = try ask.open()
        try asked.checkOneKind()
        try asked.check(head)
        guard !asked.document.text.isEmpty else {
            throw CommandError.combination(say("tokens without a text have no \(part)s: give the text"))
        }
        let parts = asked.document.tokens(ofParts: part, below: asked.document.tokenCount)
        guard parts.count <= Self.most else {
            throw CommandError.combination(
                say(
                    "the text has \(parts.count.grouped) \(part)s, the matrix at most \(Self.most.grouped): --tokens takes fewer"
                )
            )
        }
        let lens = try asked.lens()
        let weights = parts.map {
            lens.partsRow(layer: head.layer, head: head.head, queries: $0, parts: parts).weights
        }
        let labels = parts.map { tokens in
            AnswerMatrix.Part(first: tokens.lowerBound, last: tokens.upperBound - 1, words: asked.text(of: tokens))
        }
        try ask.write(AnswerMatrix(parts: labels, weights: weights).bytes)
    }
}

extension Asked {
    /// What some tokens spell, without the blanks around it.
    func text(of tokens: Range<Int>) -> String {
        String(decoding: document.spelled(tokens), as: UTF8.self).trimmed
    }
}

extension String {
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
