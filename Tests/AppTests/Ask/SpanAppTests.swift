import Foundation
import RopewalkCellGrid
import RopewalkLens
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// Words, sentences and hits in place of the cursor and of the anchor.
@Suite struct SpanAppTests {
    private func player(_ keys: String, size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        try AskPlay.player(keys, size: size)
    }

    private func table(_ player: ScreenPlayer) -> AskTable { AskPlay.table(player) }

    private func text(_ state: AppState, _ span: TokenSpan?) throws -> String {
        let document = try #require(state.queryDocument)
        return String(decoding: try #require(span).tokens.flatMap(document.bytes(ofToken:)), as: UTF8.self)
    }

    /// Enter keeps a selection as one key also where another panel had the keys before; what comes later is refused by name.
    @Test func enterIsTheTextsAfterASelection() throws {
        var player = try player(": text:30 Enter Q : text:10 Enter % Enter")
        #expect(player.state.spans.keys != nil && player.state.selection == nil && player.state.focus.cursor == 10)
        player.play(try KeyScript(parsing: "Escape Escape Escape : text:10 Enter % : text:40 Enter Enter"))
        player.play(try KeyScript(parsing: ": text:10 Enter % : text:60 Enter"))
        player.play(try ActionScript(parsing: "anchor token 50; heads.here"))
        #expect(player.state.notice?.text.contains("50 comes later than what is selected") == true)
    }

    /// The cursor's own token is no way on: it is said, and back leads to where one was.
    @Test func theCursorsOwnTokenIsNoWayOn() throws {
        var player = try player(": text:30 Enter")
        player.play(try ActionScript(parsing: "anchor token 30; anchor.swap"))
        #expect(player.state.focus.cursor == 30 && player.state.notice?.text.contains("own token") == true)
    }

    /// The word, its sentence, its paragraph, nothing; a token with the blank before a sentence belongs to that.
    @Test func aKeySelectsMoreAndMore() throws {
        var player = try player("/ text:sister Enter Escape Escape %")
        #expect(try text(player.state, player.state.selection) == " sister")
        player.play(try KeyScript(parsing: "%"))
        #expect(try text(player.state, player.state.selection).contains("She sat by her sister on the bank!"))
        #expect(try !text(player.state, player.state.selection).contains("What"))
        player.play(try KeyScript(parsing: "%"))
        let paragraph = try text(player.state, player.state.selection)
        #expect(paragraph.contains("tired") && paragraph.contains("book?") && !paragraph.contains("pictures"))
        player.play(try KeyScript(parsing: "%"))
        #expect(player.state.selection == nil)
        player.play(try KeyScript(parsing: "/ text:rabbit Enter"))
        player.play(try KeyScript(parsing: "% % % %"))
        #expect(player.state.selection?.ranges.count == player.state.window.search?.hits.count)
    }

    /// Moves extend what was begun; again it stays; Escape takes it away, then the keys, then the anchor.
    @Test func movesExtendASelection() throws {
        var player = try player(": text:40 Enter | l l l")
        #expect(player.state.selection == TokenSpan([40..<44]))
        player.play(try KeyScript(parsing: "h h h h h"))
        #expect(player.state.selection == TokenSpan([38..<41]))
        player.play(try KeyScript(parsing: "| : text:90 Enter"))
        #expect(player.state.selection == TokenSpan([38..<41]) && player.state.focus.cursor == 90)
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.selection == nil && player.state.keySpan == TokenSpan([38..<41]))
        player.play(try KeyScript(parsing: "Escape | Escape"))
        #expect(player.state.selection == nil && player.state.keySpan != nil)
        player.play(try KeyScript(parsing: "Escape"))
        #expect(player.state.keySpan == nil && player.state.focus.anchor == .strongest(rank: 0))
    }

    @Test func whatASelectionReadsIsItsMean() throws {
        let player = try player(": text:60 Enter | l l l l | Q")
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        let rows = lens.rows(layer: focus.layer, head: focus.head, queries: Array(60..<65))
        let table = table(player)
        #expect(table.summary[0].contains("5 tokens 60–64") && table.summary[0].contains("mean of all"))
        #expect(table.rows.count > 20)
        for (token, line) in zip(table.tokens, table.rows) {
            let key = try #require(token)
            let mean = rows.reduce(Float(0)) { $0 + (key < $1.weights.count ? $1.weights[key] : 0) } / 5
            #expect(line.cells[1] == Figures.weight(mean))
        }
        // The text is painted by the same.
        var answers = Answers()
        _ = answers.frame(of: player.state)
        let paint = TextPainter(player.state).paint(&answers)
        #expect(paint.heads == "mean of 5 selected tokens" && paint.values.count == 65)
        #expect(player.state.draw().lines.contains { $0.contains("5 selected") })
    }

    @Test func whoReadsASentenceIsTheSum() throws {
        let player = try player("/ text:sister Enter Escape % % @")
        let span = try #require(player.state.selection)
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        let table = table(player)
        for (token, line) in zip(table.tokens, table.rows).prefix(20) {
            let query = try #require(token)
            let weights = try #require(lens.row(layer: focus.layer, head: focus.head, query: query)).weights
            let sum = span.tokens.reduce(Float(0)) { $0 + ($1 < weights.count ? weights[$1] : 0) }
            let shown = try #require(Double(line.cells[2].replacingOccurrences(of: "<", with: "")))
            #expect(abs(shown - Double(sum)) < 0.006)
        }
    }

    /// With several heads the row of the selection is the mean of theirs, in the text and in the Answers.
    @Test func aSelectionIsReadByAllHeads() throws {
        let player = try player(": text:60 Enter | l l l l | Q & & &")
        let lens = try #require(player.state.lens)
        let span = TokenSpan([60..<65]) ?? TokenSpan(0)
        var mean = [Float](repeating: 0, count: 65)
        for layer in 0..<4 {
            for head in 0..<8 {
                for (key, weight) in lens.spanRow(layer: layer, head: head, queries: span).mean.enumerated() {
                    mean[key] += weight / 32
                }
            }
        }
        var answers = Answers()
        _ = answers.frame(of: player.state)
        let paint = TextPainter(player.state).paint(&answers)
        #expect(paint.heads.hasPrefix("mean of all 32 heads") && paint.values.count == 65)
        // Sinks of the heads do not count where the first token does not.
        #expect(zip(paint.values, mean).dropFirst().allSatisfy { $0 <= $1 + 1e-6 })
        let table = table(player)
        #expect(table.summary[0].contains("5 tokens 60–64") && table.summary[0].contains("mean of all 32 heads"))
        let first = try #require(table.tokens.first ?? nil)
        #expect(table.rows.first?.cells[2] == Figures.weight(paint.values[first]))
        let readers = try self.player(": text:60 Enter | l l | @ & & &")
        #expect(self.table(readers).summary[0].contains("are read, mean of all 32 heads"))
    }

    @Test func oneTokenIsOneToken() throws {
        let player = try player(": text:60 Enter | | Q")
        #expect(table(player).summary[0].contains("1 token 60 "))
        var answers = Answers()
        _ = answers.frame(of: player.state)
        #expect(TextPainter(player.state).paint(&answers).heads == "mean of 1 selected token")
        #expect(Figures.count(1, "token") == "1 token" && Figures.count(2_000, "query", "queries") == "2,000 queries")
    }

    /// From the cursor to a sentence far above, all heads: three keys at the sentence, two at the place.
    @Test func headsAreRankedFromHereToASentence() throws {
        let player = try player("/ text:sister Enter Escape % % Enter : text:100 Enter H")
        let keys = try #require(player.state.keySpan)
        let lens = try #require(player.state.lens)
        let shares = try #require(
            lens.completeSpanShares(queries: TokenSpan(100), keys: keys, withValues: false)
        ).meanWeights
        let best = try #require(shares.indices.max { shares[$0] < shares[$1] })
        let heads = lens.recording.shape.heads
        #expect(player.state.selectedHead == HeadIndex(layer: best / heads, head: best % heads))
        #expect(player.state.draw().lines.contains { $0.contains("by weight 100 → \(keys.text)") })
        #expect(player.state.draw().lines.contains { $0.contains("\(keys.count) tokens: weight") })
    }

    /// Where nothing may wait, a part is shown at once, and `settle` makes it whole.
    @Test func answersDeepenWithoutKeepingAKeyWaiting() throws {
        let state = try player("g | G | ~ ~ ~ ~").state
        #expect(state.painting == .received)
        var answers = Answers()
        _ = answers.frame(of: state, deferring: true)
        #expect(answers.isUnsettled)
        var rounds = 0
        while answers.isUnsettled, rounds < 10_000 {
            if answers.settle() { _ = answers.frame(of: state, deferring: true) }
            rounds += 1
        }
        #expect(!answers.isUnsettled)
        var whole = Answers()
        #expect(answers.frame(of: state).lines == whole.frame(of: state).lines)
    }

    @Test func whatCannotBeSelectedIsSaid() throws {
        var state = try Samples.state()
        _ = state.update(.asked(.spans(.part(.hits))))
        #expect(state.notice?.text == "no hits are marked: / searches")
        _ = state.update(.asked(.spans(.tokens(TokenSpan(99_999)))))
        #expect(state.spans == Spans() && state.notice != nil)
        #expect(ActionParameter<TokenSpan>.span.read("3-1") == nil)
        #expect(ActionParameter<TokenSpan>.span.read("3-17,40")?.ranges == [3..<18, 40..<41])
    }
}
