import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews
import Testing

@testable import RopewalkApp

/// Heads by how far a method moves them, and by the loss without each.
@Suite struct HeadNumbersTests {
    private func shown(_ player: inout ScreenPlayer) -> String {
        FamilySamples.panel(.heads, of: &player).joined(separator: "\n")
    }

    @Test func aRunIsNoPreview() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "heads.by tv; panel.zoom"))
        #expect(shown(&player).contains("nothing to compare with"))
        player.play(try ActionScript(parsing: "method window:size=8; method.run"))
        let text = shown(&player)
        #expect(text.contains("the whole run, mean over 32 queries") && text.contains("by TV"))
        let model = try #require(player.state.sources.model.value)
        let plain = try #require(player.state.runs.kept.plain?.main)
        let exact = try #require(player.state.runs.kept.exact?.main)
        let grid = try #require(
            HeadGrid(
                HeadGrid.Side(model: model, recording: plain),
                HeadGrid.Side(model: model, recording: exact), queries: 32))
        let highest = try #require(grid.means(.tv).max())
        #expect(text.contains(Figures.weight(Float(highest))))
    }

    /// A key goes through the numbers and back to the measures; what was asked first stays in the list of actions.
    @Test func aKeyGoesThroughThemAll() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "panel focus heads"))
        for number in HeadNumber.allCases {
            player.play(try KeyScript(parsing: "t"))
            #expect(player.state.heads.order == number.order)
        }
        player.play(try KeyScript(parsing: "t"))
        #expect(player.state.heads.order == .measure(0))
    }

    @Test func theLossWithoutEachHeadIsMeasured() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "heads.by loss; panel.zoom"))
        let known = try #require(player.state.headAblation?.grid)
        #expect(known.isComplete && player.state.losses.ablating == nil)
        let model = try #require(player.state.sources.model.value)
        let plain = try Comparison(texts: [FamilySamples.ids], threads: 1).ablations(
            of: Comparison.Contender(model: model, scenario: player.state.scenario))
        #expect(known == plain)
        let text = shown(&player)
        #expect(text.contains("what the loss of 60 tokens") && text.contains("loss without"))
        let best = try #require(plain.headChanges.max())
        #expect(text.contains(Figures.signed(best, 4)))
        // An encoder predicts nothing.
        var bert = try FamilySamples.player("bert")
        bert.play(try ActionScript(parsing: "heads.by loss; panel.zoom"))
        #expect(bert.state.headAblation?.problem != nil && bert.state.losses.ablating == nil)
    }
}
