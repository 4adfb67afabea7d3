import ArgumentParser
import RopewalkDocuments
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// What questions about the token after one take.
struct AskAfterOptions: ParsableArguments {
    @OptionGroup var ask: AskOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp(say("The token after which is predicted."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int

    /// The model and the text's tokens, before anything is run.
    ///
    /// - Throws: where the model predicts nothing, or the text has no such token.
    func open() throws -> Asked {
        let asked = try ask.open(needsStates: true)
        try asked.checkPredicts()
        try asked.check("--at", at)
        return asked
    }
}

/// A token that may follow, and whether it does.
struct CandidateLine {
    let candidate: NextTokens.Candidate
    let follows: Bool

    /// The most probable ones, and the one that follows, whatever its rank.
    static func lines(_ next: NextTokens) -> [CandidateLine] {
        var shown = next.candidates
        if let actual = next.actual, !shown.contains(where: { $0.id == actual.id }) { shown.append(actual) }
        return shown.map { CandidateLine(candidate: $0, follows: $0.id == next.actual?.id) }
    }
}

extension Asked {
    func columns(_ lines: [CandidateLine]) -> [AnswerTable.Column] {
        [
            .init("rank", .integers(lines.map(\.candidate.rank))), .init("id", .integers(lines.map(\.candidate.id))),
            .init("word", .words(lines.map { word(ofID: $0.candidate.id) })),
            .init("probability", .numbers(lines.map(\.candidate.probability))),
            .init("log_probability", .numbers(lines.map(\.candidate.logProbability))),
            .init("follows", .integers(lines.map { $0.follows ? 1 : 0 })),
        ]
    }

    /// A token of the vocabulary as a line can show it.
    func word(ofID id: Int) -> String {
        model.tokenizer.map { TokenName.printable($0.bytes(of: id)) } ?? String(id)
    }
}
