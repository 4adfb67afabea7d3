import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask levels TEXT --at Q --head L.H --method hibert`: two levels of attention as one weight a token.
struct AskLevelsCommand: ParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case tokens, parts
    }

    static let configuration = CommandConfiguration(
        commandName: "levels",
        abstract: say("Two levels of attention as one number a token: an attribution, not attention."),
        discussion: say(
            """
            Needs a method that lets some layers read the parts of a text alone and others join them: --method hibert, chunk-join or hat. \
            --head is a head of either: with it goes the nearest layer of the other level, its head of the same number.
            attribution: share · within, which adds up to 1 over the text; no layer has such weights. share: what the token's part is given \
            where parts are joined, by the token that stands for the part of --at (hibert: its last, hat: its first), or by --at itself. \
            within: what the token is given within its part where parts are read alone: by the token that stands for it, or \
            (chunk-join) by all of its tokens, each as much as it is read where parts are joined. Highest first.
            --show parts: a line a part that is given something, with its share.
            """))

    @OptionGroup var options: AskQueryOptions

    @Option(
        help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 20

    @Option(help: ArgumentHelp(say("tokens or parts."), valueName: "part"))
    var show: Part = .tokens

    @OptionGroup var language: LanguageOption

    func run() throws {
        let (asked, query) = try options.open()
        guard let levels = asked.scenario.levels else {
            throw CommandError.combination(
                say("there is one level alone: --method hibert, chunk-join or hat reads a text in two"))
        }
        guard levels.layers(around: options.head.layer, of: asked.model.shape.layers) != nil else {
            throw CommandError.combination(
                say("layer \(options.head.layer) has no layer of the other level beside it: \(levels.spec)"))
        }
        let lens = try asked.lens()
        guard var product = lens.levelProduct(layer: options.head.layer, head: options.head.head, query: query) else {
            throw CommandError.combination(say("nothing of the part of token \(query.grouped) is read: \(levels.spec)"))
        }
        if show == .parts { return try options.write(parts(product, asked)) }
        while !product.highest(count).isSettled { lens.extend(&product, head: options.head.head) }
        try options.write(tokens(product, asked))
    }

    private func tokens(_ product: LevelProduct, _ asked: Asked) -> AnswerTable {
        let top = product.highest(count).tokens
        let tokens = top.map(\.token)
        let parts = tokens.map { product.part(of: $0) ?? 0 }
        return AnswerTable([
            .init("token", .integers(tokens)), asked.wordColumn(tokens), .init("part", .integers(parts)),
            .init("share", .numbers(parts.map { product.shares[$0] })),
            .init("within", .numbers(tokens.map { product.within($0) })),
            .init("attribution", .numbers(top.map(\.weight))), .init("around", .words(asked.surroundings(tokens))),
        ])
    }

    private func parts(_ product: LevelProduct, _ asked: Asked) -> AnswerTable {
        let top = TopTokens.highest(count, in: product.shares)
        let spans = top.map { product.parts[$0.token] }
        return AnswerTable([
            .init("part", .integers(top.map(\.token))), .init("first", .integers(spans.map(\.lowerBound))),
            .init("tokens", .integers(spans.map(\.count))), .init("share", .numbers(top.map(\.weight))),
            .init("text", .words(spans.map { asked.text(of: $0) })),
        ])
    }
}
