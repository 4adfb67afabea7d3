import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkViews
import Testing

@testable import RopewalkApp

/// What a changed word changes: held against two readings of their own.
@Suite struct ChangeTests {
    private func changed() throws -> ScreenPlayer {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs())
        player.play(try KeyScript(parsing: "/ text:sister Enter Escape Ctrl-W Ctrl-U text:grandmother Enter wait"))
        player.play(try KeyScript(parsing: "Escape / text:pocket Enter Escape"))
        return player
    }

    @Test func weightsAndLossesAreThoseOfBothReadings() throws {
        let player = try changed()
        let state = player.state
        let original = try #require(state.original)
        let before = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs()
        ).state
        let shift = state.tokenCount - before.tokenCount
        let query = state.focus.cursor - shift
        #expect(original.token(at: state.focus.cursor, kind: .decoder) == query)
        let question = try #require(RowChangeQuestion(state))
        var answers = Answers()
        answers.begin(state)
        let found = answers.answer(to: question)
        let change = try #require(found)
        let now = try #require(
            state.lens?.row(layer: state.focus.layer, head: state.focus.head, query: state.focus.cursor))
        let old = try #require(before.lens?.row(layer: state.focus.layer, head: state.focus.head, query: query))
        #expect(change.pairs.map(\.now) == now.weights)
        for (key, pair) in change.pairs.enumerated() {
            guard let place = original.place(of: key) else {
                #expect(pair.before.isNaN)
                continue
            }
            #expect(pair.before == old.weights[place])
        }
        #expect(change.pairs.contains { $0.before.isNaN } && change.sizes.contains { $0 > 0 })
        let asked = try #require(LossChangeQuestion(state))
        let answer = answers.answer(to: asked)
        let losses = try #require(answer)
        let (new, was) = try (
            #require(state.lens?.recording.negativeLogLikelihood),
            #require(before.lens?.recording.negativeLogLikelihood)
        )
        #expect(losses.pairs.map(\.now) == new && losses.pairs.last?.before == was.last)
        // Before the change nothing differs.
        #expect(abs(losses.pairs[0].before - new[0]) < 1e-4 && losses.sizes[0] < 1e-4)
    }

    /// What is read of both ends at one token; what stands behind the change is compared all the same.
    @Test func aPartOfALongTextIsCompared() throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40), tokenLimit: 60), inputs: Samples.inputs())
        player.play(try KeyScript(parsing: "/ text:sister Enter Escape Ctrl-W Ctrl-U text:grandmother Enter wait"))
        var answers = Answers()
        answers.begin(player.state)
        let asked = try #require(LossChangeQuestion(player.state))
        let answer = answers.answer(to: asked)
        #expect(answer?.pairs.last?.before.isNaN == false && (answer?.sizes.last ?? 0) > 0)
    }

    @Test func theyArePaintedAndListed() throws {
        var player = try changed()
        player.play(try ActionScript(parsing: "text.paint change"))
        #expect(player.state.painting == .change)
        #expect(player.frame().lines.joined().contains("changed"))
        player.play(try ActionScript(parsing: "text.paint lossChange"))
        #expect(player.frame().lines.joined().contains("nats"))
        player.play(try KeyScript(parsing: "Ctrl-L"))
        guard case .changes(let list) = player.state.overlay else { return #expect(Bool(false), "no list") }
        #expect(list.lines.filter(\.isHeading).count == 3 && list.remark == "“sister” → “grandmother”")
        #expect(player.frame().lines.joined().contains("What “sister” → “grandmother” changes"))
        let token = list.token
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.overlay == nil && player.state.focus.cursor == token)
        for size in ["40x10", "80x24", "200x60", "20x5"] { player.play(try KeyScript(parsing: "size:\(size) Ctrl-L")) }
        _ = player.frame()
    }

    @Test func nothingIsComparedThatCannotBe() throws {
        var player = try changed()
        player.play(try ActionScript(parsing: "method yarn:factor=4; wait; text.paint change"))
        #expect(player.state.notice?.text.contains("y goes back to them") == true)
        var plain = try ScreenPlayer(state: AppState(size: Size(width: 80, height: 24)), inputs: Samples.inputs())
        plain.play(try KeyScript(parsing: "Ctrl-L"))
        #expect(plain.state.notice?.text.contains("nothing has been changed") == true)
        plain.play(try KeyScript(parsing: "Ctrl-X ~ ~ ~ ~ ~"))
        #expect(![.change, .lossChange].contains(plain.state.painting))
    }
}
