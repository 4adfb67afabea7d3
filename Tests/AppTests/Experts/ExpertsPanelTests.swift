import RopewalkCellGrid
import RopewalkLens
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct ExpertsPanelTests {
    private func shown(_ player: inout ScreenPlayer) -> String {
        FamilySamples.panel(.experts, of: &player).joined(separator: "\n")
    }

    /// Pages by a key, room by another one, layers by the usual ones.
    @Test func keysGoThroughPagesRoomAndLayers() throws {
        var player = try FamilySamples.player("mixtral")
        player.play(try ActionScript(parsing: "experts tokens; panel.zoom"))
        #expect(player.state.panels.focused == .experts)
        #expect(shown(&player).contains("2 of 4 experts a token") && shown(&player).contains("room for all tokens"))
        player.play(try KeyScript(parsing: "+"))
        #expect(player.state.experts.factor == 1.25 && shown(&player).contains("CF 1.25: room for 18 tokens"))
        player.play(try KeyScript(parsing: "- -"))
        #expect(player.state.experts.factor == 0.75)
        player.play(try KeyScript(parsing: "t"))
        #expect(player.state.experts.page == .load && shown(&player).contains("(even: 2)"))
        player.play(try KeyScript(parsing: "r"))
        #expect(player.state.experts.factor == nil && shown(&player).contains("0.0 % dropped"))
        player.play(try KeyScript(parsing: "t t"))
        #expect(player.state.experts.page == .computed && shown(&player).contains("in all layers"))
        player.play(try KeyScript(parsing: "t T"))
        #expect(player.state.experts.page == .computed)
        player.play(try ActionScript(parsing: "experts.capacity -100000; experts.capacity +100000"))
        #expect(player.state.experts.factor == 16)
    }

    @Test func theLoadsAreThoseOfTheRecording() throws {
        var player = try FamilySamples.player("mixtral")
        player.play(try ActionScript(parsing: "experts load; panel.zoom"))
        let lens = try #require(player.state.lens)
        let loads = ExpertLoads(try #require(lens.router(layer: player.state.focus.layer)))
        let lines = FamilySamples.panel(.experts, of: &player)
        for (expert, load) in loads.loads.enumerated() {
            #expect(
                lines.contains { $0.contains("\(ExpertMarks.letter(expert))   \(expert) ") && $0.contains(" \(load) ") }
            )
        }
    }

    /// What a model has not is said by its name; what is computed is told of every model.
    @Test func withoutARouterItSaysSo() throws {
        var player = try FamilySamples.player("llama_default")
        player.play(try ActionScript(parsing: "experts tokens; panel.zoom"))
        #expect(shown(&player).contains("llama_default has no router"))
        player.play(try ActionScript(parsing: "experts computed; method window:size=8; method.run"))
        #expect(shown(&player).contains("8 of ") && shown(&player).contains("window:size=8"))
        // Qwen's second layer is dense.
        var mixed = try FamilySamples.player("qwen2_moe")
        mixed.play(try ActionScript(parsing: "head 1.0; experts load; panel.zoom"))
        #expect(mixed.state.focus.layer == 1 && shown(&mixed).contains("these have: L0 L2"))
        mixed.play(try ActionScript(parsing: "experts way"))
        #expect(shown(&mixed).contains("L0") && shown(&mixed).contains("L2") && shown(&mixed).contains("shared"))
    }

    /// Switch drops what finds no room; the cross attention of a pair has no router.
    @Test func whatARunDroppedIsCrossed() throws {
        var player = try FamilySamples.player("switch_transformers", keys: "K")
        player.play(try ActionScript(parsing: "head 1.0; experts load; panel.zoom"))
        #expect(player.state.focus.kind == .encoder)
        #expect(shown(&player).contains("the run has room for 6 tokens an expert"))
        player.play(try KeyScript(parsing: "K"))
        #expect(player.state.focus.kind == .cross && shown(&player).contains("no routers"))
    }

    @Test(arguments: ExpertsPage.allCases, [(80, 24), (120, 40)]) func allPagesAreReadable(
        page: ExpertsPage, size: (Int, Int)
    ) throws {
        var player = try FamilySamples.player("mixtral", width: size.0, height: size.1)
        player.play(try ActionScript(parsing: "goto token 30; experts \(page.rawValue); panel.zoom"))
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains(Panel.experts.title) })
        #expect(!lines.contains { $0.contains(AskTables.working) })
    }
}
