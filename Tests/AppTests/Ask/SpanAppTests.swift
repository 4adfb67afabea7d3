import Foundation
import RopewalkCellGrid
import RopewalkLens
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// Words, sentences and hits in place of the cursor and of the anchor.
@Suite struct SpanAppTests {
    private func player(_ keys: String) throws -> ScreenPlayer {
        var player = try ScreenPlayer(state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs())
        player.play(try KeyScript(parsing: keys))
        return player
    }

    private func table(_ player: ScreenPlayer) -> AskTable {
        var answers = Answers()
        _ = answers.frame(of: player.state)
        return AskTables(player.state).table(&answers)
    }

    private func text(_ state: AppState, _ span: TokenSpan?) throws -> String {
        let document = try #require(state.queryDocument)
        return String(decoding: try #require(span).tokens.flatMap(document.bytes(ofToken:)), as: UTF8.self)
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
