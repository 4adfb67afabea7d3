import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods

/// `ropewalk ask heads TEXT --at Q --key K`.
struct AskHeadsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heads", abstract: "Which heads look from one token at another one, or at several.",
        discussion: """
            weight: what a head gives the keys, after softmax, summed over them. by_value: the share of what the keys add to \
            the head's output by length, Σ weight · |value| of the same over all keys; a sink that a head only rests on has \
            a high weight and a short value. Highest first.
            """)

    @OptionGroup var ask: AskOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The token that reads.", valueName: "token"),
        transform: AskedToken.parse)
    var at: Int

    @Option(
        help: ArgumentHelp("The token that is read, or the first and last of several: 52-56.", valueName: "tokens"),
        transform: IndexList.parser(Self.keyForm))
    var key: IndexList

    @Option(help: ArgumentHelp("What the heads are sorted by: weight or value.", valueName: "measure"))
    var by: Measure = .weight

    private static let keyForm = "one token or one range, such as 52-56"

    enum Measure: String, CaseIterable, ExpressibleByArgument {
        case weight, value
    }

    func validate() throws {
        if key.ranges.count != 1 {
            throw CommandError.outOfRange(
                option: "--key", value: key.text, takes: Self.keyForm)
        }
    }

    func run() throws {
        let asked = try ask.open()
        let keys = key.ranges[0].lowerBound..<key.ranges[0].upperBound + 1
        try asked.check("--at", at)
        try asked.check("--key", keys.upperBound - 1)
        if asked.model.kinds.first?.isCausal != false, keys.upperBound > at + 1 {
            throw CommandError.combination(
                "token \(at.grouped) does not see token \((keys.upperBound - 1).grouped), which comes later: "
                    + "--at is the one that reads, --key what it reads")
        }
        let lens = try asked.lens()
        let layers = (0..<lens.recording.shape.layers).map { lens.placeShares(layer: $0, query: at, keys: keys) ?? [] }
        try ask.write(Self.table(layers, by: by))
    }

    private static func table(_ layers: [[PlaceShare]], by measure: Measure) -> AnswerTable {
        let all = layers.enumerated().flatMap { layer, heads in
            heads.enumerated().map { (layer: layer, head: $0, share: $1) }
        }
        func value(_ share: PlaceShare) -> Float { measure == .weight ? share.weight : share.byValue }
        let sorted = all.indices.sorted { a, b in
            let (first, second) = (value(all[a].share), value(all[b].share))
            return first == second ? a < b : first > second
        }.map { all[$0] }
        return AnswerTable([
            .init("layer", .integers(sorted.map(\.layer))), .init("head", .integers(sorted.map(\.head))),
            .init("weight", .numbers(sorted.map(\.share.weight))),
            .init("by_value", .numbers(sorted.map(\.share.byValue))),
        ])
    }
}
