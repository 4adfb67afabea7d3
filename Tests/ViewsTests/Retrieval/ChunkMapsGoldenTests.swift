import RopewalkCellGrid
import RopewalkPhrases
import TestSupport
import Testing

@testable import RopewalkViews

/// The page *retrieval* as a zoomed panel has it on screens of 200x60, 120x40 and 80x24.
@Suite struct ChunkMapsGoldenTests {
    private static let count = 40

    private static func weight(_ row: Int, _ column: Int) -> Float {
        if column > row { return 0 }
        if column == row { return 0.4 }
        let near = 0.3 / Float(row - column)
        return column == 3 ? near + 0.05 : near
    }

    private static func found(_ row: Int) -> [Int] {
        let asked: [Int] = [row - 1, row - 3, row * 2 / 3, row / 3, 3]
        let known = Set(asked.filter { $0 >= 0 && $0 < row })
        return known.sorted(by: >)
    }

    private static func leaks(_ row: Int) -> Set<Int> {
        let later: Int = (row * 7 + 5) % count
        return later > row ? [row, later] : [row]
    }

    private static func view(_ look: Look = Look(depth: .none)) -> ChunkMapsView {
        let rows = Array(0..<count)
        let attention: [[Float]] = rows.map { row in rows.map { weight(row, $0) } }
        let lines: [String] = [
            "chunk 24, L49: the first words of chunk 24, as they stand",
            "chunk 24 gives chunk 23 (L47) 0.30 of its attention; retrieved #1: terms #1 8.3, states #2 0.91",
            "mean of 40 chunks: recall 0.41, by chance 0.28, mass 0.33",
        ]
        let hits: [String] = [
            "#1  chunk 23  L47  terms #1 8.3  states #2 0.91  reads 0.30    the first words of chunk 23",
            "#2  chunk 21  L43  terms –       states #1 0.95  reads 0.10    the first words of chunk 21",
        ]
        return ChunkMapsView(
            names: rows.map { "L\(2 * $0 + 1)  the first words of chunk \($0), as they stand" }, attention: attention,
            retrieved: rows.map(found), leaks: rows.map(leaks), selected: ChunkMapsView.Place(row: 24, column: 23),
            lines: lines, hits: hits, obstacle: nil, look: look)
    }

    @Test(arguments: [(200, 198, 57), (120, 118, 37), (80, 78, 21)])
    func pages(name: Int, width: Int, height: Int) {
        let text = PlainText.text(drawn(width: width, height: height) { Self.view().draw(in: $0, on: &$1) })
        #expect(Golden.difference(text, "retrieval-\(name)") == nil)
    }

    @Test func inColour() {
        let view = Self.view(Look(depth: .indexed256))
        let text = AnsiText.text(drawn(width: 118, height: 24) { view.draw(in: $0, on: &$1) }, depth: .indexed256)
        #expect(Golden.difference(text, "retrieval-colour") == nil)
    }

    @Test func inChinese() {
        let text = Language.with(.chinese) {
            PlainText.text(drawn(width: 78, height: 21) { Self.view().draw(in: $0, on: &$1) })
        }
        #expect(Golden.difference(text, "retrieval-chinese") == nil)
    }

    /// Numbers above a column stand above its cells, and every row says where its chunk lies where there is room.
    @Test func chunksHaveTheirPlaces() {
        let wide = drawn(width: 198, height: 57) { Self.view().draw(in: $0, on: &$1) }.lines
        #expect(wide[1].hasPrefix("   0") && wide[1].contains("10") && wide[1].contains("line and first words"))
        #expect(wide[2].hasSuffix("L1  the first words of chunk 0, as they stand"))
        #expect(wide.contains { $0.hasPrefix("#1  chunk 23") } && wide.contains { $0.hasPrefix("1–9: rank") })
        let low = drawn(width: 78, height: 21) { Self.view().draw(in: $0, on: &$1) }.lines
        #expect(!low.contains { $0.hasPrefix("#1") } && low.contains { $0.hasPrefix("recall: ") })
        #expect(low.last?.contains("attention") == true)
    }
}
