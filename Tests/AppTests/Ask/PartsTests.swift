import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

@Suite struct PartsTests {
    private func player(_ keys: String, size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        try AskPlay.player(keys, size: size)
    }

    private func table(_ player: ScreenPlayer) -> AskTable { AskPlay.table(player) }

    /// Parts follow each other without gaps, and hold every token of the text.
    @Test func partsHoldEveryToken() throws {
        let document = try Samples.document()
        for part in TextPart.allCases {
            let parts = document.tokens(ofParts: part, below: document.tokenCount)
            #expect(parts.count > 3 && parts.last?.upperBound == document.tokenCount)
            for (a, b) in zip(parts, parts.dropFirst()) { #expect(a.upperBound == b.lowerBound) }
            for tokens in parts.dropFirst() {
                let text = String(decoding: tokens.flatMap(document.bytes(ofToken:)), as: UTF8.self)
                #expect(text.first { !$0.isWhitespace }?.isLowercase != true, "\(text)")
            }
        }
        #expect(document.tokens(ofParts: .sentence, below: 5).last?.upperBound == 5)
    }

    /// Every cell is the mean of sums; j goes on from the cursor's sentence, Enter goes there.
    @Test func theMatrixIsThatOfTheSentences() throws {
        var player = try player("/ text:pictures Enter Escape P")
        player.play(try ActionScript(parsing: "ask sentences"))
        let table = table(player)
        let matrix = try #require(table.matrix)
        let lens = try #require(player.state.lens)
        let focus = player.state.focus
        let parts = try #require(player.state.queryDocument).tokens(
            ofParts: .sentence, below: player.state.tokenCount)
        #expect(matrix.count == parts.count && parts[matrix.selected].contains(focus.cursor))
        for (index, row) in matrix.rows {
            let expected = lens.partsRow(layer: focus.layer, head: focus.head, queries: parts[index], parts: parts)
            #expect(row == expected.weights)
        }
        #expect(table.summary[0].contains("reads in L\(focus.layer) H\(focus.head)"))
        let lines = player.frame().lines
        #expect(lines.contains { $0.contains("“Without") })
        let chosen = matrix.selected
        player.play(try KeyScript(parsing: "j Enter"))
        #expect(player.state.focus.cursor == parts[chosen + 1].lowerBound)
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 60)]) func itIsDrawnAtEverySize(_ width: Int, _ height: Int) throws {
        var player = try player("P z", size: Size(width: width, height: height))
        for page in ["sentences", "paragraphs"] {
            player.play(try ActionScript(parsing: "ask \(page)"))
            let lines = player.frame().lines
            #expect(lines.contains { $0.contains("reads in") })
        }
    }

    /// Layer by layer, in the panel and against the model's own expectation.
    @Test func layersAreOnePage() throws {
        let player = try player(": text:40 Enter ^")
        let table = table(player)
        let lens = try #require(player.state.lens)
        #expect(table.rows.count == lens.recording.shape.layers + 1)
        let next = try #require(try Samples.model.get().nextTokens(after: 40, in: lens.recording, count: 5))
        let last = try #require(table.rows.last)
        #expect(last.cells[0] == "L3" && last.cells[3] == next.actual?.rank.grouped)
        #expect(last.cells[1] == Figures.weight(try #require(next.candidates.first).probability))
    }

    /// Where the columns' words cannot be written downwards they stand side by side, cut between characters.
    @Test(arguments: [(80, 24), (120, 40)]) func theColumnsHaveTheirWords(_ width: Int, _ height: Int) throws {
        var player = try player(": text:200 Enter", size: Size(width: width, height: height))
        player.play(try ActionScript(parsing: "ask sentences"))
        let matrix = try #require(table(player).matrix)
        let lines = player.frame().lines
        let begins = (max(0, matrix.selected - 2)...matrix.selected).map { "\($0) \(matrix.label($0).prefix(2))" }
        #expect(begins.count > 1 && lines.contains { line in begins.allSatisfy { line.contains($0) } }, "\(begins)")
    }
}
