import RopewalkCellGrid
import RopewalkLens
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// Two texts: the one that was kept, and the one that keys change.
@Suite struct KeptTextTests {
    private func player(_ keys: String, _ width: Int, _ height: Int) throws -> ScreenPlayer {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: width, height: height)), inputs: Samples.inputs())
        player.play(try KeyScript(parsing: keys))
        return player
    }

    /// Side by side where there is room, else one above the other; each is painted by its own head.
    @Test(arguments: [(120, 40), (80, 24), (200, 60)]) func twoHeadsStandBesideEachOther(
        _ width: Int, _ height: Int
    ) throws {
        var player = try player(": text:60 Enter Z", width, height)
        player.play(try ActionScript(parsing: "head 1.6"))
        let state = player.state
        let kept = try #require(state.keptState)
        #expect(kept.head != state.head && state.head == HeadIndex(layer: 1, head: 6))
        var answers = Answers()
        let lines = answers.frame(of: state).lines
        let titles = lines.filter { $0.contains("kept") && $0.contains("L\(kept.head.layer) H\(kept.head.head)") }
        #expect(titles.count == 1 && lines.contains { $0.contains("L1 H6") })
        // Side by side they share a line.
        #expect(titles[0].contains("L1 H6") == (width >= 100))
        let first = TextPainter(state).paint(&answers)
        let second = TextPainter(kept).paint(&answers)
        let lens = try #require(state.lens)
        #expect(first.values == lens.row(layer: 1, head: 6, query: 60)?.weights)
        #expect(second.values == lens.row(layer: kept.head.layer, head: kept.head.head, query: 60)?.weights)
        player.play(try KeyScript(parsing: "l Z"))
        #expect(player.state.pin == nil && player.state.focus.cursor == 61)
    }

    /// The method of the first text changes, the kept one's stays; Escape goes back to one.
    @Test func twoMethodsStandBesideEachOther() throws {
        var player = try player(": text:60 Enter Z", 120, 40)
        player.play(try ActionScript(parsing: "method window:size=8"))
        let state = player.state
        let kept = try #require(state.keptState)
        var answers = Answers()
        let lines = answers.frame(of: state).lines
        #expect(lines.contains { $0.contains("kept · plain") })
        let lens = try #require(state.lens)
        #expect(
            TextPainter(state).paint(&answers).values
                == lens.row(
                    layer: state.focus.layer, head: state.focus.head, query: 60)?.weights)
        let plain = Lens(recording: try #require(state.runs.kept.plain?.main))
        #expect(
            TextPainter(kept).paint(&answers).values
                == plain.row(
                    layer: state.focus.layer, head: state.focus.head, query: 60)?.weights)
        player.play(try KeyScript(parsing: "Escape Escape"))
        #expect(player.state.pin == nil)
    }

    /// Rollouts of the rows on the screen say what they are, and what they leave out.
    @Test func rolloutsAreLabelled() throws {
        var player = try player(": text:60 Enter", 120, 40)
        for (name, label) in [("rollout", "rollout ("), ("valueRollout", "rollout of weight × |value|")] {
            player.play(try ActionScript(parsing: "text.paint \(name); panel.zoom"))
            let lines = player.frame().lines
            #expect(lines.contains { $0.contains(label) }, "\(lines)")
            #expect(lines.contains { $0.contains("off the screen") })
            player.play(try ActionScript(parsing: "panel.zoom"))
        }
        var answers = Answers()
        _ = answers.frame(of: player.state)
        let paint = TextPainter(player.state).paint(&answers)
        #expect(paint.values.reduce(0, +) <= 1.0001 && paint.values.count == 61 - paint.first)
    }
}
