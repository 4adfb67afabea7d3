import Foundation
import RopewalkCellGrid
import RopewalkLens
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

@Suite struct ReceivedTests {
    private func player(_ keys: String, size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        try AskPlay.player(keys, size: size)
    }

    private func table(_ player: ScreenPlayer) -> AskTable { AskPlay.table(player) }

    /// Every line is the sum of the token's column over all queries; the start token and marks are called what they are.
    @Test func whatGetsAttentionIsListed() throws {
        let player = try player("$")
        #expect(player.state.ask.page == .received)
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        let table = table(player)
        #expect(table.rows.count > 50 && table.summary[0].contains("from all"))
        for (token, line) in zip(table.tokens, table.rows).prefix(30) {
            let key = try #require(token)
            let column = try #require(lens.attentionColumn(layer: focus.layer, head: focus.head, key: key))
            let share = column.weights.reduce(0, +) / Float(lens.recording.tokens)
            let shown = try #require(Double(line.cells[1].replacingOccurrences(of: "<", with: "")))
            #expect(abs(shown - Double(share)) < 0.006)
        }
        let first = try #require(zip(table.tokens, table.rows).first { $0.0 == 0 })
        #expect(first.1.remark.hasPrefix("special"))
        #expect(table.rows.contains { $0.remark == "mark" })
        #expect(table.rows.allSatisfy { $0.remark != "mark" || !$0.word.contains { $0.isLetter } })
    }

    @Test func allHeadsAreTakenTogether() throws {
        let player = try player("$ & & &")
        let table = table(player)
        #expect(table.summary[0].contains("in all 32 heads"))
        // A sink is told with the head of which it is one.
        let first = try #require(zip(table.tokens, table.rows).first { $0.0 == 0 })
        #expect(first.1.remark.contains(/^special, sink of L[0-3] H[0-7] [0-9.]+, [0-9]+ more$/))
    }

    /// The entropies along the text are those that the run measured, of one head or several.
    @Test func theTextIsPaintedByEntropy() throws {
        var player = try player("~ ~ ~")
        #expect(player.state.painting == .entropy)
        let recording = try #require(player.state.lens).recording
        func paint() -> TextPaint {
            var answers = Answers()
            _ = answers.frame(of: player.state)
            return TextPainter(player.state).paint(&answers)
        }
        let focus = player.state.focus
        let one = try #require(Entropies(recording, layers: [focus.layer], heads: [focus.head]))
        #expect(paint().values == one.mean && paint().heads.isEmpty)
        player.play(try KeyScript(parsing: "& &"))
        let layer = try #require(Entropies(recording, layers: [focus.layer], heads: Array(0..<8)))
        #expect(paint().values == layer.highest && paint().heads == "highest of 8 heads of L\(focus.layer)")
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("entropy") } && lines.contains { $0.contains("bits") })
    }

    @Test func aPreviewKnowsNoEntropies() throws {
        var state = try player("~ ~ ~").state
        _ = state.update(.asked(.methods(.take("pi:factor=4"))))
        #expect(state.draw().lines.contains { $0.contains("a preview does not know this") })
    }
}
