import RopewalkCellGrid
import RopewalkDocuments
import Testing

@testable import RopewalkViews

@Suite struct TextSidesTests {
    private func strip(_ values: [Float], tokens: Int, leftOut: Int = 0, painting: TextPainting = .row) -> TextStrip {
        TextStrip(
            tokens: tokens,
            paint: TextPaint(painting, values: values, scale: Scale(kind: .linear, weights: values)), leftOut: leftOut,
            cursor: 70, anchor: 5, shown: 60..<80, hitRows: [2], look: Look(depth: .none))
    }

    /// Every token counts once, but for those that are left out; of losses the means count.
    @Test(arguments: [1, 3, 7, 40, 200]) func theSumsOverThePartsAreThoseOfTheTokens(cells: Int) {
        let values = (0..<100).map { Float($0 % 7) / 10 }
        let known = strip(values, tokens: 100).sums(cells: cells).filter { !$0.isNaN }
        if cells <= 100 { #expect(abs(known.reduce(0, +) - values.reduce(0, +)) < 1e-3) }
        let without = strip(values, tokens: 100, leftOut: 50).sums(cells: cells).filter { !$0.isNaN }
        if cells <= 100 { #expect(abs(without.reduce(0, +) - values[50...].reduce(0, +)) < 1e-3) }
        let means = strip([Float](repeating: 2, count: 100), tokens: 100, leftOut: 50, painting: .loss)
        #expect(means.sums(cells: cells).allSatisfy { abs($0 - 2) < 1e-5 })
        let unread = strip(Array(values.prefix(50)), tokens: 100).sums(cells: 10)
        #expect(unread.prefix(5).allSatisfy { !$0.isNaN } && unread.suffix(5).allSatisfy(\.isNaN))
    }

    @Test func itMarksCursorAnchorHitsAndPage() {
        var grid = Grid(size: Size(width: 4, height: 10))
        let rect = Rect(x: 1, y: 0, width: 2, height: 10)
        let strip = strip((0..<71).map { $0 == 33 ? 1 : 0 }, tokens: 100)
        strip.draw(in: rect, on: &grid)
        #expect((0..<10).map { grid[2, $0].text } == ["◂", " ", "•", " ", " ", " ", "│", "▸", " ", " "])
        #expect(grid[1, 3].text == "█" && grid[1, 4].text == " ")
        #expect(strip.token(atY: 3, in: rect) == 30 && strip.token(atY: 10, in: rect) == nil)
    }

    private func pane(_ token: Int) throws -> AnchorPane {
        AnchorPane(
            document: try Samples.document(Samples.book), token: token, words: ["weight 0.74 in L1 H2", "0.74"],
            look: Look(depth: .none))
    }

    @Test func theSentenceOfTheAnchorIsShownWithTheAnchorInIt() throws {
        let pane = try pane(12)
        let name = pane.document.displayName(ofToken: 12)
        for (width, height) in [(60, 1), (60, 3), (34, 2), (20, 4)] {
            var grid = Grid(size: Size(width: width, height: height))
            pane.draw(in: grid.bounds, on: &grid)
            #expect(grid.lines[0].hasPrefix("◂ 12") && grid.lines[0].contains("0.74"), "\(width)x\(height)")
            if height > 1 {
                let word = name.replacing("␣", with: "")
                #expect(grid.lines.dropFirst().contains { $0.contains(word) }, "\(width)x\(height)")
            }
        }
    }

    /// Also where a sentence begins with it, whose blank stands before the sentence.
    @Test func everyWordIsSeenInItsSentence() throws {
        let document = try Samples.document(Samples.book)
        for token in 1..<document.tokenCount {
            let word = document.displayName(ofToken: token).replacing("␣", with: "")
            guard word.allSatisfy(\.isLetter), !word.isEmpty else { continue }
            let marked = try pane(token).lines(width: 40, count: 2).joined().filter(\.isAnchor).map(\.text)
            #expect(String(marked).contains(word), "\(token) \(word)")
        }
    }

    /// A token that is a part of a character has all of it in its sentence, and nothing of the sentence is lost.
    @Test func charactersOfSeveralTokensAreWhole() throws {
        let document = try Samples.document(Samples.analects)
        let whole = document.text.string(0..<document.text.bytes.count).filter { !$0.isWhitespace }
        var parts = 0
        for token in 0..<document.tokenCount {
            guard let part = document.characterPart(ofToken: token) else { continue }
            parts += 1
            let pane = AnchorPane(document: document, token: token, words: ["0.5"], look: Look(depth: .none))
            let letters = pane.lines(width: 60, count: 9).joined()
            #expect(String(letters.filter(\.isAnchor).map(\.text)) == part.character)
            let sentence = String(letters.map(\.text).filter { !$0.isWhitespace })
            #expect(whole.contains(sentence) && sentence.count > 2, "\(sentence)")
            var grid = Grid(size: Size(width: 60, height: 2))
            pane.draw(in: grid.bounds, on: &grid)
            #expect(grid.lines[0].contains("/\(part.parts)") && !grid.lines[0].contains("\\x"))
        }
        #expect(parts > 6)
    }

    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (100, 50), (200, 4), (5, 60),
    ]

    /// The parts fill the panel and do not overlap; what is drawn stays in them.
    @Test(arguments: ColourDepth.allCases, sizes) func everyPartStaysInItsPlace(depth: ColourDepth, size: (Int, Int))
        throws
    {
        let inner = Rect(x: 3, y: 2, width: size.0, height: size.1)
        for isAcross in [false, true] {
            let frame = TextFrame(inner, isAcross: isAcross)
            let parts = [frame.decoder, frame.text, frame.strip, frame.anchor, frame.legend]
            #expect(parts.map { $0.width * $0.height }.reduce(0, +) == inner.width * inner.height)
            for part in parts where !part.isEmpty { #expect(part.intersection(inner) == part) }
        }
        var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
        let look = Look(depth: depth)
        let paint = TextPaint(.row, values: [0.1, 0.9], scale: Scale(kind: .linear, weights: [0.1, 0.9]))
        TextLegend(paint: paint, parts: [["孔子 legend", "孔"], ["more"]], look: look).draw(
            in: Rect(x: 3, y: 2, width: size.0, height: min(1, size.1)), on: &grid)
        AnchorPane(document: try Samples.document(Samples.analects), token: 5, words: ["0.5"], look: look)
            .draw(in: inner, on: &grid)
        TextStrip(
            tokens: 9, paint: paint, leftOut: 1, cursor: 3, anchor: 4, shown: 0..<9, hitRows: [0], look: look
        ).draw(in: inner, on: &grid)
        for y in 0..<grid.size.height {
            #expect((0..<grid.size.width).allSatisfy { inner.contains(x: $0, y: y) || grid[$0, y] == .blank })
        }
    }
}
