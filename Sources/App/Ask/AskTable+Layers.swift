import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What the model would expect if it ended after each of its blocks; nil in a preview.
struct LogitLensQuestion: DeepeningQuestion {
    let basis: Basis
    let query: Int

    static let count = 5

    func answer(_ witness: Witness, _ answers: inout Answers) -> LogitLens? {
        guard let lens = witness.lens(basis), let model = witness.model(basis) else { return nil }
        return lens.logitLens(of: model, token: query, count: Self.count)
    }

    func isComplete(_ answer: LogitLens?) -> Bool { answer?.isComplete ?? true }

    func deepen(_ answer: inout LogitLens?, _ witness: Witness) {
        guard var known = answer, let lens = witness.lens(basis) else { return answer = nil }
        lens.extend(&known)
        answer = known
    }
}

extension AskTables {
    /// Layer by layer: the best guess, and what becomes of the token that follows.
    func layersTable(_ answers: inout Answers) -> AskTable {
        if let predictionObstacle { return AskTable(missing: predictionObstacle) }
        guard isExact else { return AskTable(missing: Self.preview) }
        guard let basis, let lens = answers.answer(deepening: LogitLensQuestion(basis: basis, query: focus.cursor))
        else { return AskTable(missing: Self.working) }
        switch lens.problem {
        case .refused(let why): return AskTable(missing: why + ".")
        case .differs:
            return AskTable(missing: say("The states of this model cannot be made again: no layer is shown."))
        case nil: break
        }
        guard let actual = lens.rows.last?.next.actual.map({ name(ofID: $0.id) }) ?? lens.rows.last.map({ _ in "" })
        else {
            return AskTable(missing: Self.working)
        }
        var table = AskTable(columns: [
            .init("after", width: 5), .init("probable", width: 8), .init("follows", width: 8),
            .init("rank", width: 7),
        ])
        let part = lens.isComplete ? "" : say(" (\(max(0, lens.rows.count - 1)) of \(lens.blocks) layers so far)")
        table.summary = [
            say(
                """
                after \(named(focus.cursor, queries)), if the model ended after each layer (last norm and head on its states)\
                \(part)\(actual.isEmpty ? "" : say("; “\(actual)” follows"))
                """)
        ]
        for row in lens.rows {
            let next = row.next
            let cells = [
                row.blocks == 0 ? "–" : "L\(row.blocks - 1)", Figures.weight(next.candidates.first?.probability ?? 0),
                next.actual.map { Figures.weight($0.probability) } ?? "", next.actual?.rank.grouped ?? "",
            ]
            let others = next.candidates.dropFirst().map { "\(name(ofID: $0.id)) \(Figures.weight($0.probability))" }
            let word = next.candidates.first.map { name(ofID: $0.id) } ?? ""
            let isRight = next.actual != nil && next.actual?.rank == 1
            table.add(token: nil) {
                AskView.Row(
                    cells: cells, word: word, after: "  " + others.joined(separator: " · "),
                    remark: isRight ? say("right") : row.blocks == 0 ? say("embedding") : "")
            }
        }
        return table
    }
}
