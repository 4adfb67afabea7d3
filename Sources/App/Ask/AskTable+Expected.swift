import RopewalkDocuments
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// What the model expects.
extension AskTables {
    func nextTable(_ answers: inout Answers) -> AskTable {
        if let predictionObstacle { return AskTable(missing: predictionObstacle) }
        guard isExact else { return AskTable(missing: Self.preview) }
        guard let basis, let known = answers.answer(whenKnown: NextTokensQuestion(basis: basis, query: focus.cursor)),
            let next = known
        else { return AskTable(missing: Self.working) }
        var table = AskTable(columns: [
            .init("rank", width: 7), .init("probable", width: 8), .init("nats", width: 6),
        ])
        table.summary = [say("after \(named(focus.cursor, queries)): ") + followed(next.actual)]
        var candidates = next.candidates
        if let actual = next.actual, !candidates.contains(where: { $0.id == actual.id }) {
            // Above the rest: there it is seen, whatever its rank.
            candidates.insert(actual, at: 0)
        }
        for candidate in candidates {
            let isActual = candidate.id == next.actual?.id
            table.candidates.append(candidate.id)
            table.add(token: isActual ? focus.cursor + 1 : nil) {
                AskView.Row(
                    cells: [
                        candidate.rank.grouped, Figures.weight(candidate.probability),
                        Figures.fixed(Double(candidate.nats), 2),
                    ], word: name(ofID: candidate.id), remark: isActual ? say("follows in the text") : "")
            }
        }
        return table
    }

    func followed(_ actual: NextTokens.Candidate?) -> String {
        guard let actual else { return say("nothing follows in the text") }
        return say("“\(name(ofID: actual.id))” follows, which had rank \(actual.rank.grouped) and probability ")
            + Figures.weight(actual.probability)
    }

    func name(ofID id: Int) -> String {
        model?.tokenizer.map { TokenName.printable($0.bytes(of: id)) } ?? String(id)
    }

    // MARK: Where it was wrong

    func surprisesTable(_ answers: inout Answers) -> AskTable {
        if let predictionObstacle { return AskTable(missing: predictionObstacle) }
        guard isExact else { return AskTable(missing: Self.preview) }
        guard let basis, let stage,
            let known = answers.answer(whenKnown: SurprisesQuestion(basis: basis, stage: stage)), let surprises = known
        else { return AskTable(missing: Self.working) }
        var table = AskTable(columns: [
            .init("token", width: 7), .init("nats", width: 6), .init("probable", width: 8),
        ])
        table.summary = [
            say(
                """
                what the model expected least of the first \(Figures.count(surprises.losses.count + 1, say("token"))): \(Figures.fixed(Double(surprises.mean), 2)) nats \
                each; one in \(Surprises.rarity) cost \(Figures.fixed(Double(surprises.threshold), 2)) or more
                """)
        ]
        let worst = surprises.worst(TopKeysQuestion.most)
        for token in order == .place ? worst.sorted(by: { $0.token < $1.token }) : worst {
            table.add(token: token.token) {
                queries.row(
                    token.token,
                    cells: [
                        token.token.grouped, Figures.fixed(Double(token.weight), 2),
                        Figures.weight(Surprises.probability(nats: token.weight)),
                    ])
            }
        }
        return table
    }
}
