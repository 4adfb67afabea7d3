import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk ask heads TEXT --at Q --key K`.
struct AskHeadsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heads",
        abstract: say("Which heads look from a token at another one, or from several at several."),
        discussion: say(
            """
            weight: what a head gives the keys, after softmax, summed over them; from several tokens the mean over \
            them, those that come before a key included. by_value: the share of what the keys add to \
            the head's output by length, Σ weight · |value| of the same over all keys; a sink that a head only rests on has \
            a high weight and a short value. Highest first.
            """))

    @OptionGroup var ask: AskOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The token that reads, or several: 203-209."), valueName: "tokens"),
        transform: AskedTokens.parse)
    var at: IndexList

    @Option(
        help: ArgumentHelp(say("The token that is read, or several: 52-56."), valueName: "tokens"),
        transform: AskedTokens.parse)
    var key: IndexList

    @Option(help: ArgumentHelp(say("What the heads are sorted by: weight or value."), valueName: "measure"))
    var by: Measure = .weight

    enum Measure: String, CaseIterable, ExpressibleByArgument {
        case weight, value
    }

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open(needsStates: by == .value)
        let (queries, keys) = (try asked.span("--at", at), try asked.span("--key", key))
        if asked.model.kinds.first?.isCausal != false, keys.last > queries.last {
            throw CommandError.combination(
                say(
                    """
                    token \(queries.last.grouped) does not see token \(keys.last.grouped), which comes later: \
                    --at is the one that reads, --key what it reads
                    """))
        }
        let lens = try asked.lens()
        guard let shares = lens.completeSpanShares(queries: queries, keys: keys, withValues: true) else { return }
        try ask.write(Self.table(shares, heads: lens.recording.shape.heads, by: by))
    }

    private static func table(_ shares: SpanShares, heads: Int, by measure: Measure) -> AnswerTable {
        let all = zip(shares.meanWeights, shares.meanValues).enumerated().map { index, share in
            (
                layer: index / heads, head: index % heads,
                share: PlaceShare(weight: share.0, byValue: share.1)
            )
        }
        func value(_ share: PlaceShare) -> Float { measure == .weight ? share.weight : share.byValue }
        let sorted = all.indices.sorted { a, b in
            let (first, second) = (value(all[a].share), value(all[b].share))
            // Heads that are not recorded come last.
            if first.isNaN || second.isNaN { return first.isNaN == second.isNaN ? a < b : second.isNaN }
            return first == second ? a < b : first > second
        }.map { all[$0] }
        return AnswerTable([
            .init("layer", .integers(sorted.map(\.layer))), .init("head", .integers(sorted.map(\.head))),
            .init("weight", .numbers(sorted.map(\.share.weight))),
            .init("by_value", .numbers(sorted.map(\.share.byValue))),
        ])
    }
}
