import RopewalkCellGrid
import RopewalkLens
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

@Suite struct PaintTests {
    private func paint(_ player: ScreenPlayer) -> TextPaint {
        var answers = Answers()
        _ = answers.frame(of: player.state)
        return TextPainter(player.state).paint(&answers)
    }

    /// One key goes round: what the cursor reads, who reads its token, losses. Every number is what a run has measured.
    @Test func theTextIsPaintedInThreeWays() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:40 Enter"))
        let lens = try #require(player.state.lens)
        let (layer, head) = (player.state.focus.layer, player.state.focus.head)
        let row = try #require(lens.row(layer: layer, head: head, query: 40))
        #expect(paint(player).values == row.weights)
        #expect(player.frame().lines.contains { $0.contains("read by the cursor, log") })
        player.play(try KeyScript(parsing: "~"))
        let column = paint(player)
        #expect(column.painting == .column && column.first == 40)
        for query in [40, 41, 60, lens.recording.tokens - 1] {
            let expected = try #require(lens.row(layer: layer, head: head, query: query)).weights[40]
            let painted = try #require(column.value(of: query))
            #expect(abs(painted - expected) < 1e-5, "\(query)")
        }
        #expect(column.value(of: 39) == nil)
        #expect(player.frame().lines.contains { $0.contains("reads the cursor's token") })
        player.play(try KeyScript(parsing: "~"))
        let losses = paint(player)
        #expect(losses.value(of: 0) == nil && losses.scale.kind == .linear)
        #expect(losses.value(of: 41) == lens.recording.negativeLogLikelihood(after: 40))
        #expect(player.frame().lines.contains { $0.contains("nats that a token cost") })
        player.play(try KeyScript(parsing: "~ ~ ~ ~ ~"))
        #expect(player.state.appearance.painting == .row)
    }

    /// Mean and highest over the heads of the layer and of all layers, of rows and of columns; said for what they are.
    @Test func severalHeadsPaintTogether() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: ": text:40 Enter S &"))
        let lens = try #require(player.state.lens)
        let layer = player.state.focus.layer
        func rows(_ layers: Range<Int>) throws -> [[Float]] {
            try layers.flatMap { layer in
                try (0..<8).map { try #require(lens.row(layer: layer, head: $0, query: 40)).weights }
            }
        }
        func expect(_ layers: Range<Int>, _ title: String, _ pool: ([Float]) -> Float) throws {
            let (painted, rows) = (paint(player), try rows(layers))
            for key in 0...40 { #expect(abs(painted.values[key] - pool(rows.map { $0[key] })) < 1e-5) }
            #expect(painted.heads == title)
            #expect(player.frame().lines.contains { $0.contains(title) })
        }
        let mean: ([Float]) -> Float = { $0.reduce(0, +) / Float($0.count) }
        try expect(layer..<layer + 1, "mean of 8 heads of L\(layer)", mean)
        // What stands below the text is what is painted, and not the one head's.
        let values = paint(player).values
        let top = try #require(values.indices.max { values[$0] < values[$1] })
        player.play(try KeyScript(parsing: "z"))
        #expect(player.frame().lines.contains { $0.contains("top key by mean \(top)") })
        player.play(try KeyScript(parsing: "z"))
        player.play(try KeyScript(parsing: "&"))
        try expect(layer..<layer + 1, "highest of 8 heads of L\(layer)") { $0.max() ?? 0 }
        player.play(try KeyScript(parsing: "&"))
        try expect(0..<4, "mean of all 32 heads", mean)
        player.play(try KeyScript(parsing: "&"))
        try expect(0..<4, "highest of all 32 heads") { $0.max() ?? 0 }
        player.play(try KeyScript(parsing: "~ S"))
        #expect(paint(player).heads.hasSuffix("without their sinks") && paint(player).first == 40)
        player.play(try KeyScript(parsing: "&"))
        #expect(player.state.appearance.heads == .one && paint(player).heads.isEmpty)
    }

    @Test func whatCannotBePaintedIsSaid() throws {
        var player = try FamilySamples.player("t5")
        player.play(try ActionScript(parsing: "text.paint loss"))
        #expect(
            player.state.appearance.painting == .row && player.state.notice?.text.contains("only a decoder") == true)
        player.play(try ActionScript(parsing: "text.paint column; kind cross"))
        #expect(player.state.painting == .row)
        player.play(try ActionScript(parsing: "text.paint column"))
        #expect(player.state.notice?.text.contains("across") == true)
        _ = player.frame()
    }

    @Test func aPreviewIsNotPaintedByWhatItDoesNotKnow() throws {
        var state = try Samples.player().state
        try state.press("~")
        _ = state.update(.asked(.methods(.take("pi:factor=4"))))
        #expect(state.draw().lines.contains { $0.contains("a preview does not know this") })
    }

    /// The anchor has its word, its weight and its sentence on the screen, wherever it lies.
    @Test(arguments: [Size(width: 120, height: 40), Size(width: 80, height: 24), Size(width: 200, height: 60)])
    func theAnchorIsSeen(size: Size) throws {
        var player = try Samples.player(size)
        player.play(try KeyScript(parsing: ": text:3 Enter Enter G"))
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        let row = try #require(lens.row(layer: focus.layer, head: focus.head, query: focus.cursor))
        let name = try #require(player.state.keyDocument).displayName(ofToken: 3)
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("◂ 3 “\(name)” ") && $0.contains(Figures.weight(row.weights[3])) })
        player.play(try KeyScript(parsing: "o"))
        #expect(
            player.frame().lines.contains {
                $0.contains("◂ \(focus.cursor)") && $0.contains("later") || $0.contains("comes after")
            })
    }

    /// A press on the strip goes to that part of the text.
    @Test func theStripLeadsThroughTheText() throws {
        var player = try Samples.player()
        let panel = try #require(player.state.layout.panels[.text])
        let frame = TextFrame(panel.inset(), isAcross: false, hasSpecial: true)
        #expect(frame.strip.width == 2)
        player.play(try KeyScript(parsing: "mouse:\(frame.strip.x),\(frame.strip.maxY - 1)"))
        let count = player.state.tokenCount
        #expect(player.state.focus.cursor >= count - count / frame.strip.height - 1)
        player.play(try KeyScript(parsing: "mouse:\(frame.strip.x),\(frame.strip.y)"))
        #expect(player.state.focus.cursor == 0)
    }
}
