import Foundation
import RopewalkCellGrid
import RopewalkLens
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

@Suite struct AskTests {
    private func table(_ player: ScreenPlayer) -> AskTable {
        var answers = Answers()
        _ = answers.frame(of: player.state)
        return AskTables(player.state).table(&answers)
    }

    /// Tokens of the lines but sinks and special ones.
    private func words(_ player: ScreenPlayer) -> [Int] {
        let table = table(player)
        return zip(table.tokens, table.rows).filter { $0.1.remark.isEmpty }.compactMap(\.0)
    }

    /// The lines are the row of attention, sorted; the key that is pointed at is the anchor, Enter goes there and u back.
    @Test func whatTheCursorReadsIsOneKeyAway() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter Q"))
        #expect(player.state.panels.focused == .answers && player.state.ask.page == .keys)
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        let row = try #require(lens.row(layer: focus.layer, head: focus.head, query: 60))
        let table = table(player)
        #expect(Set(table.tokens.compactMap { $0 }) == Set(row.topKeys(200).map(\.token)))
        for (token, line) in zip(table.tokens, table.rows) {
            let token = try #require(token)
            #expect(line.cells[2] == Figures.weight(row.weights[token]))
            #expect(line.cells[1] == (60 - token).grouped)
        }
        // The start token stands apart, at the end.
        #expect(table.rows.last?.remark.isEmpty == false && table.tokens.contains(0))
        player.play(try KeyScript(parsing: "j"))
        let key = try #require(table.tokens[1])
        #expect(player.state.focus.anchor == .token(key))
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.focus.cursor == key)
        player.play(try KeyScript(parsing: "u"))
        #expect(player.state.focus.cursor == 60)
    }

    /// By value: weight · |value| of all that the head adds.
    @Test func theTableIsSortedByOtherMeasures() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter Q r"))
        let lens = try #require(player.state.lens)
        let shares = lens.valueShares(layer: player.state.focus.layer, head: player.state.focus.head, query: 60)
        let sorted = words(player)
        #expect(sorted == sorted.sorted { shares[$0] == shares[$1] ? $0 < $1 : shares[$0] > shares[$1] })
        player.play(try KeyScript(parsing: "r"))
        let placed = words(player)
        #expect(player.state.ask.order == .place && placed == placed.sorted(by: >))
    }

    /// Who reads a token: every line is what that query's own row gives it; Enter goes there and keeps the token in sight.
    @Test func whoReadsTheTokenIsOneKeyAway() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:20 Enter @"))
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        let table = table(player)
        #expect(table.rows.count > 3)
        for (token, line) in zip(table.tokens, table.rows) {
            let reader = try #require(token)
            let row = try #require(lens.row(layer: focus.layer, head: focus.head, query: reader))
            let weight = try #require(Double(line.cells[2].replacingOccurrences(of: "<", with: "")))
            #expect(abs(weight - Double(row.weights[20])) < 0.006)
        }
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.focus.cursor == table.tokens[0] && player.state.focus.anchor == .token(20))
    }

    /// Of several heads together the table says which they are, and nothing of values.
    @Test func severalHeadsAnswerTogether() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:60 Enter S & Q"))
        let lens = try #require(player.state.lens)
        let layer = player.state.focus.layer
        let mean = try #require(lens.pooledRow(layer: layer, query: 60)).mean
        let reads = table(player)
        #expect(reads.summary[0].contains("mean of 8 heads of L\(layer)") && reads.columns.count == 3)
        for (token, line) in zip(reads.tokens, reads.rows) {
            #expect(line.cells[2] == Figures.weight(mean[try #require(token)]))
        }
        player.play(try KeyScript(parsing: ": text:20 Enter @ & & &"))
        let column = try (0..<4).reduce(into: [Float](repeating: 0, count: lens.recording.tokens)) { highest, layer in
            let pooled = try #require(lens.pooledColumn(layer: layer, key: 20))
            for query in highest.indices { highest[query] = max(highest[query], pooled.highest[query]) }
        }
        let readBy = table(player)
        #expect(readBy.summary[0].contains("highest of all 32 heads"))
        for (token, line) in zip(readBy.tokens, readBy.rows) {
            #expect(line.cells[2] == Figures.weight(column[try #require(token)]))
        }
        player.play(try KeyScript(parsing: "S"))
        #expect(table(player).summary[0].contains("without their sinks"))
    }

    @Test func whatTheModelExpectsNamesWhatFollows() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:40 Enter P"))
        let lens = try #require(player.state.lens)
        let model = try Samples.model.get()
        let next = try #require(model.nextTokens(after: 40, in: lens.recording, count: 20))
        let actual = try #require(next.actual)
        let loss = try #require(lens.recording.negativeLogLikelihood(after: 40))
        #expect(abs(actual.nats - loss) < 1e-3)
        let table = table(player)
        let followed = try #require(table.rows.first { $0.remark == "follows in the text" })
        #expect(followed.cells[0] == actual.rank.grouped && followed.cells[2] == Figures.fixed(Double(actual.nats), 2))
        #expect(table.summary[0].contains("rank \(actual.rank.grouped)"))
    }

    @Test func surprisesAreListedAndReached() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "!"))
        let losses = try #require(player.state.lens).recording.negativeLogLikelihood
        let worst = try #require(losses.indices.max { losses[$0] < losses[$1] })
        #expect(table(player).tokens.first == worst + 1)
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.focus.cursor == worst && player.state.notice?.text.contains("was expected") == true)
        player.play(try KeyScript(parsing: "g *"))
        let threshold = try #require(Surprises(losses)).threshold
        #expect(player.state.focus.cursor == losses.firstIndex { $0 >= threshold })
        player.play(try KeyScript(parsing: "#"))
        #expect(player.state.notice?.text == "no surprise comes before")
    }

    /// Typed faster than the answer is worked out, Enter goes to its line all the same.
    @Test(arguments: ["@", "!"]) func enterWaitsForTheAnswer(_ key: String) throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:20 Enter \(key)"))
        var answers = Answers()
        guard case .asked(.line(let line, .go(0))) = answers.finding(.asked(.go(0)), in: player.state, deferring: true)
        else {
            Issue.record("no line")
            return
        }
        #expect(line?.token != nil)
    }

    /// Parts of characters stand in whole words, and are named as parts.
    @Test func charactersAreWhole() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "/ text:學 Enter Q"))
        let table = table(player)
        for line in table.rows {
            let words = line.before + line.word + line.after
            #expect(!words.contains("\u{FFFD}") && !words.contains("\\x"), "\(words)")
        }
        #expect(table.summary[0].contains("“學” 1/") && table.rows.contains { $0.remark.contains("/") })
    }

    @Test func everyPageSaysWhatIsMissing() throws {
        var state = try Samples.stateWithModel()
        for key in ["Q", "@", "P", "!"] {
            try state.press(key)
            #expect(state.panels.focused == .answers)
            try state.press("j Enter r t")
        }
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 80, height: 24)), inputs: Samples.inputs(), waits: false)
        player.play(try KeyScript(parsing: "Q"))
        #expect(player.frame().lines.contains { $0.contains("Answers") })
    }

    @Test(arguments: ["t5", "bert"]) func otherModelsAreAskedToo(_ family: String) throws {
        var player = try FamilySamples.player(family)
        for key in ["Q", "j", "Enter", "@", "j", "Enter", "K", "@", "Q", "P", "!"] {
            player.play(try KeyScript(parsing: key))
            _ = player.frame()
        }
        #expect(player.frame().lines.contains { $0.contains("expects no next token") })
    }

    @Test func aPreviewKnowsNoReaders() throws {
        var state = try Samples.player().state
        _ = state.update(.asked(.methods(.take("pi:factor=4"))))
        try state.press("@")
        #expect(state.draw().lines.contains { $0.contains("A preview does not know this") })
    }

    /// How widely the cursor looks is a number: that which the run measured, and as many equal keys.
    @Test func theEntropyOfTheRowIsSaid() throws {
        let player = try AskPlay.player(": text:90 Enter Q")
        let focus = player.state.focus
        let recording = try #require(player.state.lens).recording
        let bits = try #require(Entropies(recording, layers: [focus.layer], heads: [focus.head])).mean[90]
        let nats = Double(bits) * log(2)
        let said = try #require(
            AskPlay.table(player).summary[0].firstMatch(of: /entropy ([0-9.]+) nats, as much as ([0-9.]+) equal keys/))
        #expect(abs((Double(said.1) ?? 0) - nats) < 0.006 && abs((Double(said.2) ?? 0) - exp(nats)) < 0.06)
    }

    private func refusal(_ state: AppState, _ action: AskAction) -> String? {
        var state = state
        _ = state.update(.asked(.ask(action)))
        return state.notice?.text
    }

    /// Pages without an answer say why, in the model's name, and offer nothing that does nothing.
    @Test func pagesWithoutAnswersOfferNothing() throws {
        var state = try AskPlay.player("^").state
        #expect(refusal(state, .go) == "the lines of this page are layers, no places of the text")
        #expect(refusal(state, .sort) == "this page has one order")
        #expect(state.draw().lines.last?.contains("go there") == false)
        _ = state.update(.asked(.ask(.page(.keys))))
        #expect(state.draw().lines.last?.contains("go there") == true && refusal(state, .sort) == nil)
        let encoder = try FamilySamples.player("bert", keys: "!").state
        let why = "bert expects no next token, as only a decoder alone with a language head does."
        #expect(refusal(encoder, .go) == why && refusal(encoder, .sort) == why)
        let lines = encoder.draw().lines
        #expect(lines.contains { $0.contains("bert expects no next token") })
        #expect(!lines.contains { $0.contains("r: the worst first") } && lines.last?.contains("go there") == false)
    }
}
