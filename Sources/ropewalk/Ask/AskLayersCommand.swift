import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels

/// `ropewalk ask layers TEXT --at Q`.
struct AskLayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers", abstract: "What the model would expect after a token if it ended after each layer.",
        discussion: """
            The logit lens (nostalgebraist 2020): the model's last norm and its head on the states between the blocks. blocks: \
            how many of them, 0 for the embedding alone, 1 after layer 0 (L0 in the program); after all of them it is what the \
            model expects. The token that follows in the text (follows: 1) stands there whatever its rank.
            """)

    @OptionGroup var ask: AskOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The token after which is predicted.", valueName: "token"),
        transform: AskedToken.parse)
    var at: Int

    @Option(help: ArgumentHelp("How many for each layer.", valueName: "n"), transform: WholeNumber.parser(1...1_000))
    var count: Int = 1

    func run() throws {
        let asked = try ask.open()
        try asked.checkPredicts()
        if let why = asked.model.replayObstacle { throw CommandError.combination(why) }
        try asked.check("--at", at)
        let lens = try asked.lens()
        guard var layers = lens.logitLens(of: asked.model, token: at, count: count) else { return }
        while !layers.isComplete { lens.extend(&layers) }
        switch layers.problem {
        case .refused(let why): throw CommandError.combination(why)
        case .differs(let share):
            throw CommandError.combination(
                "the states of \(asked.model.name) cannot be made again: the last one is \(share) of its length away from the run's"
            )
        case nil: break
        }
        let rows = layers.rows.flatMap(Self.lines)
        try ask.write(
            AnswerTable([
                .init("blocks", .integers(rows.map(\.blocks))), .init("rank", .integers(rows.map(\.candidate.rank))),
                .init("id", .integers(rows.map(\.candidate.id))),
                .init("word", .words(rows.map { asked.word(ofID: $0.candidate.id) })),
                .init("probability", .numbers(rows.map(\.candidate.probability))),
                .init("follows", .integers(rows.map { $0.follows ? 1 : 0 })),
            ]))
    }

    private struct Line {
        let blocks: Int
        let candidate: NextTokens.Candidate
        let follows: Bool
    }

    private static func lines(_ row: LogitLens.Row) -> [Line] {
        let actual = row.next.actual
        var shown = row.next.candidates
        if let actual, !shown.contains(where: { $0.id == actual.id }) { shown.append(actual) }
        return shown.map { Line(blocks: row.blocks, candidate: $0, follows: $0.id == actual?.id) }
    }
}
