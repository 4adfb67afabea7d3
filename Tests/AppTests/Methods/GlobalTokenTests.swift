import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import Testing

@testable import RopewalkApp

/// Tokens that are made global on the text.
struct GlobalTokenTests {
    private func ask(_ state: inout AppState, _ actions: String...) throws {
        for action in actions { state.take(.asked(try Action(parsing: action))) }
    }

    @Test func theCursorsTokenIsGlobalAndNoLonger() throws {
        var state = try Samples.stateWithModel()
        try ask(&state, "method longformer:window=4,globals=2")
        state.focus.cursor = 7
        try state.press("Ctrl-V")
        #expect(state.scenario.specs == ["longformer:window=4,dilation=1,causal=0,globals=2/7"])
        #expect(state.scenario.globals == [2, 7] && state.globalTokens?.tokens == [2, 7])
        #expect(state.notice?.text == "1 token made global: 2 global")
        state.focus.cursor = 2
        try ask(&state, "method.global")
        #expect(state.scenario.globals == [7])
        #expect(try Action(parsing: "method.global").standing(in: state) == "1 global")
    }

    /// Masks without such a list are joined with one, all of them; taken back, they are what they were.
    @Test func anyMaskGetsGlobalTokens() throws {
        var state = try Samples.stateWithModel()
        try ask(&state, "method window:size=4 strided:stride=8@layers=0")
        let before = state.scenario
        state.focus.cursor = 5
        try ask(&state, "method.global")
        #expect(
            state.scenario.specs == [
                "window:size=4+global-tokens:globals=5",
                "strided:stride=8,step=0,inclusive=1,heads=merged+global-tokens:globals=5@layers=0",
            ])
        #expect(state.scenario.visibleKeys(query: 20, tokens: 30).contains(5))
        #expect(try Scenario(parsing: state.scenario.specs) == state.scenario)
        try ask(&state, "method.global")
        #expect(state.scenario == before)
    }

    @Test func theSelectionIsMadeGlobalTogether() throws {
        var state = try Samples.stateWithModel()
        try ask(&state, "method lambda:sink=1,window=4")
        state.spans.queries = TokenSpan([3..<6, 9..<10])
        try ask(&state, "method.global")
        #expect(state.scenario.globals == [3, 4, 5, 9])
        state.spans.queries = TokenSpan([4..<5])
        try ask(&state, "method.global")
        #expect(state.scenario.globals == [3, 5, 9])
    }

    @Test func withoutAMaskThereIsNothingToSee() throws {
        var state = try Samples.stateWithModel()
        try ask(&state, "method.global")
        #expect(state.scenario.isPlain && state.notice?.text.contains("m chooses a mask") == true)
        var empty = try Samples.state()
        try ask(&empty, "method.global")
        #expect(empty.scenario.isPlain && empty.notice != nil)
    }

    /// The preview and the run read them, and the text shows which they are.
    @Test func thePreviewAndTheRunHaveThem() throws {
        var player = try Samples.player()
        player.play(
            try ActionScript(parsing: "method window:size=2; move.start; move.token +3; method.global; move.token +9"))
        #expect(player.state.scenario.globals == [3])
        let plain = try #require(player.state.runs.kept.plain?.decoder)
        let preview = Lens(recording: plain, scenario: player.state.scenario, threads: 1)
        let seen = try #require(preview.row(layer: 0, head: 0, query: 12)).weights
        #expect(seen.indices.filter { seen[$0] > 0 } == [3, 11, 12])
        let frame = player.frame().lines
        #expect(frame.contains { $0.contains("◆ 1 global") } && frame.contains { $0.contains("│◆") })
        player.play(try ActionScript(parsing: "method.run"))
        let run = try #require(player.state.runs.kept.exact?.decoder)
        #expect(run.scenario.globals == [3])
        let exact = try #require(player.state.lens?.row(layer: 0, head: 0, query: 12)).weights
        #expect(exact.indices.filter { exact[$0] > 0 } == [3, 11, 12])
    }
}
