import RopewalkCellGrid
import Testing

@testable import RopewalkApp

/// The page Mixer of models whose layers have a state in place of attention.
@Suite struct MixerPageTests {
    private func screen(_ player: inout ScreenPlayer, _ actions: String) throws -> String {
        player.play(try ActionScript(parsing: actions))
        return player.frame().lines.joined(separator: "\n")
    }

    @Test(arguments: ["mamba", "mamba2", "rwkv", "bamba"]) func whatALayerReads(name: String) throws {
        var player = try FamilySamples.player(name, width: 120, height: 40)
        let shown = try screen(&player, "goto token 40; mask.page mixer")
        #expect(shown.contains(" Mixer "), "\(shown)")
        guard player.state.mixer != nil else {
            #expect(shown.contains("This layer has attention"))
            return
        }
        #expect(shown.contains("half-life") && shown.contains("numbers"), "\(shown)")
        let mean = try screen(&player, "mixer.unit -1")
        #expect(player.state.mixerUnit == nil && mean.contains("mean of"))
        _ = try screen(&player, "mixer.unit +2")
        #expect(player.state.mixerUnit == 1)
        _ = try screen(&player, "mixer.unit -3")
        #expect(player.state.mixerUnit == player.state.mixer.map { $0.units - 1 })
        for (width, height) in [(80, 24), (40, 12), (200, 60)] {
            var player = try FamilySamples.player(name, width: width, height: height)
            _ = try screen(&player, "goto token 40; mask.page mixer; mixer.unit +1")
        }
    }

    /// The text is painted by |α| of the cursor's row, which adds up to 1 over the keys.
    @Test func theTextIsPaintedByIt() throws {
        var player = try FamilySamples.player("mamba2", width: 120, height: 40)
        let shown = try screen(&player, "goto token 40; mask.page mixer")
        #expect(shown.contains("|α|"), "\(shown)")
    }

    @Test func aModelWithAttentionHasNoSuchPage() throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs())
        let shown = try screen(&player, "mask.page check")
        #expect(!shown.contains(" Mixer "))
        #expect(try screen(&player, "mask.page mixer").contains("This layer has attention"))
        _ = try screen(&player, "mixer.unit +1")
        #expect(player.state.notice?.text.contains("no channels of a state") == true)
    }
}
