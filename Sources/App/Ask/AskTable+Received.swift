import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

extension AskTables {
    /// Which tokens get attention, whatever reads them: sinks wherever they stand, headings, marks between sentences.
    func receivedTable(_ answers: inout Answers) -> AskTable {
        guard let heads, let scores else { return AskTable(missing: Self.working) }
        let received = answers.answer(deepening: ReceivedQuestion(heads: heads))
        guard !received.isMissing else { return AskTable(missing: Self.preview) }
        guard received.done > 0 else { return AskTable(missing: Self.working) }
        var table = AskTable(columns: [
            .init("token", width: 7), .init("share", width: 7), .init("mean", width: 7),
        ])
        let part =
            received.isComplete
            ? (received.queries == 1 ? say("the only query") : say("all \(received.queries.grouped) queries"))
            : say("\(received.done.grouped) of \(received.queries.grouped) queries so far, evenly spread")
        table.summary = [
            say(
                "share of all attention that falls on a token in \(heads.name), from \(part); mean: of the queries that could see it; sink: the strongest key of that share of the queries"
            )
        ]
        let sinks = answers.answer(to: SinksOfHeadsQuestion(scores: scores, heads: heads))
        let special = answers.answer(to: SpecialKeysQuestion(run: scores.run, kind: scores.kind))
        let (shares, means) = (received.shares, received.means)
        let top = TopTokens.highest(TopKeysQuestion.most, in: shares).map(\.token)
        for token in order == .place ? top.sorted() : top {
            let special = special.contains(token) ? say("special") : keys.kind(token)
            let sink = sinks[token].map { Self.sink($0, isOne: heads.isOne) } ?? ""
            table.add(token: token) {
                keys.row(
                    token, cells: [token.grouped, Figures.weight(shares[token]), Figures.weight(means[token])],
                    remark: [special, sink].filter { !$0.isEmpty }.joined(separator: ", "))
            }
        }
        return table
    }
}

extension AskTables {
    /// "sink of L3 H7 0.42, 4 more": of which head most, and of which share of its queries.
    private static func sink(_ sink: SinkHeads, isOne: Bool) -> String {
        let share = Figures.weight(sink.share)
        if isOne { return say("sink of \(share)") }
        let more = sink.count > 1 ? say(", \((sink.count - 1).grouped) more") : ""
        return say("sink of L\(sink.layer) H\(sink.head) \(share)\(more)")
    }
}

/// The sinks of some heads.
struct SinksOfHeadsQuestion: Question {
    let scores: HeadScoresQuestion
    let heads: HeadsAsked

    func answer(_ witness: Witness, _ answers: inout Answers) -> [Int: SinkHeads] {
        witness.lens?.sinkHeads(layers: heads.layers, heads: heads.heads) ?? [:]
    }
}

extension AskWords {
    /// What a token is, where it is no word: a line end, a mark.
    func kind(_ token: Int) -> String {
        // A part of a character is no mark.
        guard let document, document.characterPart(ofToken: token) == nil else { return "" }
        let text = String(decoding: document.bytes(ofToken: token), as: UTF8.self)
        let solid = text.unicodeScalars.filter { !$0.properties.isWhitespace }
        if solid.isEmpty {
            return text.contains(where: \.isNewline) ? say("line end") : text.isEmpty ? "" : say("blank")
        }
        return solid.allSatisfy { Self.isMark($0.properties.generalCategory) } ? say("mark") : ""
    }

    private static func isMark(_ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}
