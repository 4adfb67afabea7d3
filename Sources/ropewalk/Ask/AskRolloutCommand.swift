import ArgumentParser
import Foundation
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk ask rollout TEXT --at Q`: where a token's state comes from through several layers.
struct AskRolloutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: say("Where a token's state comes from through several layers: attention rollout and flow."),
        discussion: say(
            """
            Abnar and Zuidema 2020, from --top down to layer 0: in every layer half of a state stays, half is the mean of what its heads read. \
            rollout: the share of the state that comes from a token along all paths. flow (--flow): the most that could come from it if no layer \
            hands on more of a token than it reads, as a share of that of all tokens. Both are heuristics about weights, not measures of influence.
            Among some tokens alone (--among): the last \(Lens.rolloutTokens) up to --at, or \(AttentionFlow.tokenLimit) with --flow; what comes \
            from others is said on standard error. Highest rollout first.
            """))

    enum Measure: String, CaseIterable, ExpressibleByArgument {
        case weight, value
    }

    @OptionGroup var ask: AskOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The token that reads. Default: the last one."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int?

    @Option(
        help: ArgumentHelp(say("The highest layer that is followed. Default: the last one."), valueName: "layer"),
        transform: WholeNumber.parser(0...1_000_000))
    var top: Int?

    @Option(
        help: ArgumentHelp(
            say("weight, or value: weight · |value| of the same over all keys."), valueName: "measure"))
    var by: Measure = .weight

    @Option(
        help: ArgumentHelp(say("The tokens that are followed: 180-206."), valueName: "tokens"),
        transform: AskedTokens.parse)
    var among: IndexList?

    @Flag(help: .said("The maximum flow beside the rollout."))
    var flow = false

    @Option(
        help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 20

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open(needsStates: by == .value)
        try asked.checkOneKind()
        let query = at ?? asked.document.tokenCount - 1
        try asked.check("--at", query)
        let layers = asked.model.shape.layers
        let top = top ?? layers - 1
        guard top < layers else {
            throw CommandError.outOfRange(option: "--top", value: "\(top)", takes: say("a layer, 0 to \(layers - 1)"))
        }
        if let obstacle = (0...top).lazy.compactMap({
            asked.model.traits.attentionObstacle(layer: $0, model: asked.model.name)
        }).first {
            throw CommandError.combination(say("\(obstacle): a rollout goes through all layers below --top"))
        }
        let tokens = try tokens(asked, query: query)
        let lens = try asked.lens()
        guard var rollout = lens.rollout(query: query, tokens: tokens, top: top, byValue: by == .value) else {
            throw CommandError.combination(say("nothing is known of token \(query.grouped) through \(top + 1) layers"))
        }
        while !rollout.isComplete { lens.extend(&rollout) }
        guard !rollout.isMissing else {
            throw CommandError.combination(say("nothing is known of token \(query.grouped) through \(top + 1) layers"))
        }
        let flows = flow ? lens.attentionFlow(tokens: tokens, top: top, byValue: by == .value) : nil
        if rollout.outside > 0.0005 {
            let outside = String(format: "%.3f", rollout.outside)
            StandardError.write(say("\(outside) comes from tokens that are not followed: --among says which are"))
        }
        try ask.write(
            table(rollout, flow: flows?.shares(to: query - tokens.lowerBound).map { Float($0) }, asked))
    }

    /// The tokens that are followed, the query among them.
    private func tokens(_ asked: Asked, query: Int) throws(CommandError) -> Range<Int> {
        let limit = flow ? AttentionFlow.tokenLimit : Lens.rolloutTokens
        let count = asked.document.tokenCount
        guard let among else {
            guard asked.model.kinds.first?.isCausal == false else { return max(0, query + 1 - limit)..<query + 1 }
            let start = max(0, min(query - limit / 2, count - limit))
            return start..<min(count, start + limit)
        }
        guard among.ranges.count == 1, let range = among.ranges.first, range.contains(query), range.upperBound < count,
            range.count <= limit
        else {
            throw .outOfRange(
                option: "--among", value: among.text,
                takes: say("up to \(limit) tokens of the text in one piece, \(query.grouped) among them"))
        }
        return range.lowerBound..<range.upperBound + 1
    }

    private func table(_ rollout: Rollout, flow: [Float]?, _ asked: Asked) -> AnswerTable {
        let top = TopTokens.highest(count, in: rollout.shares)
        let tokens = top.map { rollout.tokens.lowerBound + $0.token }
        let flows: [AnswerTable.Column] =
            flow.map { flow in [.init("flow", .numbers(top.map { flow[$0.token] }))] } ?? []
        return AnswerTable(
            [
                .init("token", .integers(tokens)), asked.wordColumn(tokens),
                .init("distance", .integers(tokens.map { rollout.query - $0 })),
                .init("rollout", .numbers(top.map(\.weight))),
            ] + flows + [.init("around", .words(asked.surroundings(tokens)))])
    }
}
