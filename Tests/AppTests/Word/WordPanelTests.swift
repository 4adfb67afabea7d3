import RopewalkCellGrid
import RopewalkLens
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct WordPanelTests {
    private func lines(_ player: ScreenPlayer) -> [String] {
        var player = player
        return player.frame().lines
    }

    /// F10 and a preset show it; its numbers are those of the row, and the line that is pointed at becomes the anchor.
    @Test func aWordIsExplained() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "goto token 60; head 3.7"))
        player.play(try KeyScript(parsing: "F10"))
        #expect(player.state.panels.focused == .word && player.state.word.step == .scores)
        let lens = try #require(player.state.lens)
        let row = try #require(lens.row(layer: 3, head: 7, query: 60))
        let reading = try #require(lens.wordReading(layer: 3, head: 7, query: 60, count: 200))
        #expect(reading.keys.map(\.token).prefix(5) == row.topKeys(5).map(\.token)[...])
        player.play(try ActionScript(parsing: "word.pick 0; word.line +2"))
        #expect(player.state.focus.anchor == .token(reading.keys[2].token))
        #expect(player.state.selectedWordLine == 2)
        player.play(try KeyScript(parsing: "r"))
        #expect(player.state.word.order == .place)
        player.play(try KeyScript(parsing: "j k k"))
        let sorted = reading.keys.map(\.token).sorted()
        let place = try #require(sorted.firstIndex(of: reading.keys[2].token))
        #expect(player.state.focus.anchor == .token(sorted[place - 1]))
        player.play(try KeyScript(parsing: "F10"))
        #expect(!player.state.panels.shown.contains(.word))
    }

    /// Every step at 80 x 24, without colours too, says its formula.
    @Test(arguments: WordStep.allCases, [ColourDepth.none, .indexed256]) func everyStepIsReadable(
        step: WordStep, depth: ColourDepth
    ) throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 80, height: 24), depth: depth), inputs: Samples.inputs())
        player.play(try ActionScript(parsing: "preset word; goto token 60; head 3.7; word \(step.rawValue)"))
        let text = lines(player).joined(separator: "\n")
        let expected: String =
            switch step {
            case .scores: "score = q·k ÷ √32"
            case .mask: "its score stays"
            case .exponential: "exp(score − highest score)"
            case .weight: "weight = exp ÷ Σ exp"
            case .value: "in Σ: the length of their sum"
            case .output: "of the output, whose length is"
            case .projection: "of which this head is"
            case .block: "after: the state that goes on"
            case .next: "follows"
            }
        #expect(text.contains(expected), "\(text)")
        #expect(text.contains("Text") && text.contains("[9] Word"))
    }

    @Test func stepsGoOnAndBack() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:20 Enter F10 t t t"))
        #expect(player.state.word.step == .weight)
        player.play(try KeyScript(parsing: "9 t"))
        #expect(player.state.word.step == .next)
        player.play(try KeyScript(parsing: "2 0 T"))
        #expect(player.state.word.step == .scores)
    }

    /// A press on a step or a key does what the keys do.
    @Test func theMouseChoosesStepsAndKeys() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "preset word; goto token 60; head 3.7; panel.zoom; word output"))
        let rect = try #require(player.state.layout.panels[.word]).inset()
        player.play(try KeyScript(parsing: "mouse:\(rect.x + 18),\(rect.y)"))
        #expect(player.state.word.step == .weight)
        let reading = try #require(player.state.lens?.wordReading(layer: 3, head: 7, query: 60, count: 200))
        player.play(try KeyScript(parsing: "mouse:\(rect.x + 8),\(rect.y + 6)"))
        #expect(player.state.focus.anchor == .token(reading.keys[2].token))
    }

    /// Under another method before its run it is a preview, and knows no states.
    @Test func aPreviewSaysSo() throws {
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs(), waits: false)
        player.play(try KeyScript(parsing: "wait"))
        player.play(try ActionScript(parsing: "preset word; goto token 60; method window:size=16; word block"))
        let text = lines(player).joined(separator: "\n")
        #expect(text.contains("preview") && text.contains("A preview does not know this"))
        player.play(try ActionScript(parsing: "word mask"))
        #expect(lines(player).joined().contains("−∞ outsi"))
    }

    /// Of a model with two texts every kind has its words; what has no states to show says why.
    @Test(arguments: ["t5", "bert"]) func otherModelsSayWhatTheyHaveNot(name: String) throws {
        var player = try FamilySamples.player(name)
        player.play(try ActionScript(parsing: "preset word; word block"))
        #expect(lines(player).joined(separator: " ").contains("The states of the block are not shown"))
        player.play(try ActionScript(parsing: "word weight; panel.zoom"))
        #expect(lines(player).joined().contains("÷"))
    }
}
