import RopewalkCellGrid
import RopewalkMethods
import Testing

@testable import RopewalkApp

@Suite struct KernelPageTests {
    private func player(_ specs: [String], width: Int = 120, height: Int = 40) throws -> ScreenPlayer {
        try ScreenPlayer(
            state: AppState(size: Size(width: width, height: height), scenario: try Scenario(parsing: specs)),
            inputs: Samples.inputs())
    }

    private func screen(_ player: inout ScreenPlayer, _ actions: String) throws -> String {
        player.play(try ActionScript(parsing: actions))
        return player.frame().lines.joined(separator: "\n")
    }

    /// The map says in its border that it is no exact attention, and how far it is off; so does the page.
    @Test func theErrorIsOnTheScreen() throws {
        var player = try player(["performer:features=64"])
        let shown = try screen(&player, "goto token 60; mask.page kernel")
        #expect(shown.contains("≈") && shown.contains("approximation of the model's own attention"))
        #expect(shown.contains("output error"))
        var plain = try self.player([])
        let without = try screen(&plain, "goto token 60; mask.page check")
        #expect(!without.contains("≈ ") && !without.contains(" Kernel "))
        #expect(try screen(&plain, "mask.page kernel").contains("No method takes the place of the softmax"))
    }

    @Test func redrawingChangesTheSeedAlone() throws {
        var player = try player(["performer:features=64"])
        _ = try screen(&player, "redraw")
        #expect(player.state.scenario.specs == ["performer:features=64,kind=positive,orthogonal=1,seed=1"])
        var linear = try self.player(["linear"])
        _ = try screen(&linear, "redraw")
        #expect(linear.state.scenario.specs == ["linear"])
        #expect(linear.state.notice?.text == "only performer has random features: m chooses it")
    }

    /// The number of features is changed by the keys of every number.
    @Test func theSliderChangesTheFeatures() throws {
        var player = try player(["performer:features=64"])
        player.play(try KeyScript(parsing: "."))
        #expect((player.state.scenario.kernel as? Performer)?.features == 128)
        player.play(try KeyScript(parsing: ", ,"))
        #expect((player.state.scenario.kernel as? Performer)?.features == 32)
    }
}
