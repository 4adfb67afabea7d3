import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask layers TEXT --at Q`.
struct AskLayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layers", abstract: say("What the model would expect after a token if it ended after each layer."),
        discussion: say(
            """
            The logit lens (nostalgebraist 2020): the model's last norm and its head on the states between the blocks. blocks: \
            how many of them, 0 for the embedding alone, 1 after layer 0 (L0 in the program); after all of them it is what the \
            model expects. The token that follows in the text (follows: 1) stands there whatever its rank. log_probability: \
            the natural logarithm, exact where the probability is too small for a number.
            """))

    @OptionGroup var after: AskAfterOptions

    @Option(
        help: ArgumentHelp(say("How many for each layer."), valueName: "n"), transform: WholeNumber.parser(1...1_000))
    var count: Int = 1

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try after.open()
        if let why = asked.model.replayObstacle { throw CommandError.combination(why) }
        let lens = try asked.lens()
        guard var layers = lens.logitLens(of: asked.model, token: after.at, count: count) else { return }
        while !layers.isComplete { lens.extend(&layers) }
        try asked.check(layers)
        let rows = layers.rows.flatMap(LayerLine.lines)
        try after.ask.write(AnswerTable(asked.columns(rows)))
    }
}

/// A token that may follow, as far as some blocks of a model say.
struct LayerLine {
    let blocks: Int
    let line: CandidateLine

    static func lines(_ row: LogitLens.Row) -> [LayerLine] {
        CandidateLine.lines(row.next).map { LayerLine(blocks: row.blocks, line: $0) }
    }
}

extension Asked {
    func columns(_ lines: [LayerLine]) -> [AnswerTable.Column] {
        [.init("blocks", .integers(lines.map(\.blocks)))] + columns(lines.map(\.line))
    }

    /// - Throws: where the states of the model cannot be made again.
    func check(_ layers: LogitLens) throws(CommandError) {
        switch layers.problem {
        case .refused(let why): throw .combination(why)
        case .differs(let share):
            throw .combination(
                say(
                    "the states of \(model.name) cannot be made again: the last one is \(share) of its length away from the run's"
                )
            )
        case nil: break
        }
    }
}
