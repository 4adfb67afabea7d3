import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// The text painted by two levels of attention.
@Suite struct LevelsPaintTests {
    private func player(_ actions: String, size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        var player = try ScreenPlayer(state: AppState(size: size), inputs: Samples.inputs())
        player.play(try ActionScript(parsing: "goto token 60; \(actions)"))
        return player
    }

    private func paint(_ player: ScreenPlayer) -> TextPaint {
        var answers = Answers()
        _ = answers.frame(of: player.state)
        return TextPainter(player.state).paint(&answers)
    }

    /// What is painted is the product, from either of the two layers, and it is called an attribution.
    @Test(arguments: [(80, 24), (120, 40)]) func itIsTheProductAndSaysSo(_ width: Int, _ height: Int) throws {
        for (head, layers) in [("head 3.2", "L3 × L1"), ("head 1.2", "L2 × L1"), ("head 0.2", "L2 × L0")] {
            let player = try player(
                "method hibert; method.run; \(head); text.paint levels", size: Size(width: width, height: height))
            #expect(player.refusals.isEmpty)
            let painted = paint(player)
            let lens = try #require(player.state.lens)
            var product = try #require(
                lens.levelProduct(layer: player.state.focus.layer, head: 2, query: player.state.focus.cursor))
            while !product.isComplete { lens.extend(&product, head: 2) }
            #expect(painted.values == product.weights && painted.part.isEmpty)
            var shown = player
            let lines = shown.frame().lines
            // At 80 columns the word attribution has to do.
            #expect(lines.contains { $0.contains(width < 120 ? "attribution" : "attribution \(layers) H2") })
            #expect(width < 120 || lines.contains { $0.contains("not attention") })
            #expect(!lines.contains { $0.contains("read by the cursor") })
        }
    }

    /// The cursor's whole sentence reads the same: its last token stands for it.
    @Test func aSentenceReadsAsOne() throws {
        var player = try player("method hibert; method.run; head 3.0; text.paint levels")
        let borders = try #require((player.state.scenario.windows.first as? Hibert)?.borders)
        let own = borders.tokens(ofPart: borders.part(of: 60), in: player.state.tokenCount)
        let first = paint(player).values
        player.play(try ActionScript(parsing: "goto token \(own.lowerBound)"))
        #expect(paint(player).values == first)
    }

    @Test func whatHasOneLevelIsRefused() throws {
        for (actions, why) in [
            ("method.plain", "one level"), ("method hibert:level=1", "no layer of the other level"),
            ("method chunk-join:joined=0", "no layer of the other level"),
        ] {
            let player = try player("\(actions); method.run; text.paint levels")
            #expect(player.refusals.contains { $0.text.contains(why) }, "\(actions)")
            #expect(player.state.painting == .row)
        }
        // ~ passes over it where there is one level, and comes to it where there are two.
        var player = try player("")
        player.play(try KeyScript(parsing: "~ ~ ~ ~ ~ ~ ~"))
        #expect(player.state.appearance.painting == .row)
        player.play(try ActionScript(parsing: "method chunk-join:size=20; method.run; text.paint valueRollout"))
        player.play(try KeyScript(parsing: "~"))
        #expect(player.state.appearance.painting == .levels)
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("attribution L3 × L2") })
    }
}
