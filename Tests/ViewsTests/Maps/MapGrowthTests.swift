import RopewalkCellGrid
import RopewalkLens
import Testing

@testable import RopewalkViews

@Suite struct MapGrowthTests {
    private static let words = ["<|bos|>", "The", "cat", "sat", "on", "the", "mat", ".", "↵"]

    /// A causal map of one token a cell; every weight is its row and column: 0.21 in row 2, column 1.
    private func view(_ rect: Rect, depth: ColourDepth = .none, anchor: Int = 4) throws -> MapView {
        let growth = try #require(MapGrowth.fitting(tokens: 9, longest: 7, in: rect))
        let capacity = MapView.capacity(of: rect, depth: depth, growth: growth)
        let request = MapRequest(layer: 0, head: 0, cell: 1, rows: capacity.rows, columns: capacity.columns)
        var values: [Float] = []
        for row in 0..<capacity.rows {
            for column in 0..<capacity.columns {
                values.append(column > row || row > 8 ? .nan : Float(10 * row + column) / 100)
            }
        }
        let image = MapImage(request: request, values: values, provenance: .exact)
        return MapView(
            image: image, request: request, scale: Scale(kind: .linear, image: image, leavingOutFirst: 1), cursor: 6,
            anchor: anchor, recorded: 9, tokens: 9, growth: growth, queryName: { Self.words[$0] },
            keyName: { Self.words[$0] }, look: Look(depth: depth))
    }

    @Test func tokensGrowUntilTheyFillThePanel() throws {
        let narrow = try #require(MapGrowth.fitting(tokens: 9, longest: 7, in: Rect(x: 0, y: 0, width: 36, height: 20)))
        #expect((narrow.width, narrow.height, narrow.lines) == (3, 1, 2))
        let wide = try #require(MapGrowth.fitting(tokens: 9, longest: 7, in: Rect(x: 0, y: 0, width: 118, height: 37)))
        #expect((wide.width, wide.height, wide.lines) == (12, 3, 1))
        // Cells of two columns have no word, and what has no line cannot be read.
        #expect(MapGrowth.fitting(tokens: 15, longest: 7, in: Rect(x: 0, y: 0, width: 36, height: 20)) == nil)
        #expect(MapGrowth.fitting(tokens: 9, longest: 7, in: Rect(x: 0, y: 0, width: 60, height: 9)) == nil)
        #expect(MapGrowth.fitting(tokens: 0, longest: 0, in: Rect(x: 0, y: 0, width: 60, height: 9)) == nil)
    }

    /// Words on both axes, weights in the cells, and the exact one where cursor and anchor meet.
    @Test func wordsStandBesideTheCells() throws {
        let rect = Rect(x: 0, y: 0, width: 70, height: 14)
        let view = try view(rect)
        let lines = drawn(width: 70, height: 14) { view.draw(in: $0, on: &$1) }.lines
        for word in Self.words { #expect(lines.contains { $0.contains(word) }, "\(word)") }
        let mat = try #require(lines.first { $0.hasPrefix("    mat") })
        #expect(mat.contains("0.60") && mat.contains("0.64") && mat.contains("─"))
        #expect(view.footer(width: 60) == "query ↓ 0–8 · key → 0–8 · ┼ 0.64")
        // What is narrow loses the value of the cross before its numbers are cut.
        #expect(view.footer(width: 22) == "↓ 0–8 · → 0–8 · ┼ 0.64" && view.footer(width: 18) == "↓ 0–8 · → 0–8")
        #expect(lines.last?.contains("first token left out of the scale") == true)
    }

    @Test(arguments: ColourDepth.allCases) func theMouseFindsATokenThatHasGrown(depth: ColourDepth) throws {
        let rect = Rect(x: 3, y: 2, width: 70, height: 24)
        let view = try view(rect, depth: depth)
        let growth = try #require(view.growth)
        let frame = MapLayout(rect, depth: depth, growth: growth)
        for (row, column) in [(0, 0), (6, 4), (8, 8)] {
            let x = frame.plot.x + column * growth.width
            let y = frame.plot.y + row * growth.height
            for (x, y) in [(x, y), (x + growth.width - 1, y + growth.height - 1)] {
                let found = MapView.cell(
                    atX: x, y: y, in: rect, request: view.request, depth: depth, growth: growth)
                #expect(found?.query == row..<row + 1 && found?.key == column..<column + 1)
            }
        }
    }

    /// Nothing is drawn outside of the panel, whatever its size.
    @Test(arguments: [30, 37, 58, 90, 118], [11, 14, 24, 37]) func itStaysInItsPlace(width: Int, height: Int) throws {
        let rect = Rect(x: 2, y: 1, width: width, height: height)
        guard MapGrowth.fitting(tokens: 9, longest: 7, in: rect) != nil else { return }
        let view = try view(rect, depth: .indexed256)
        var grid = Grid(size: Size(width: width + 4, height: height + 2))
        view.draw(in: rect, on: &grid)
        for y in 0..<grid.size.height {
            #expect((0..<grid.size.width).allSatisfy { rect.contains(x: $0, y: y) || grid[$0, y] == .blank })
        }
    }

    /// A map whose cells are no single tokens has how it was pooled beside the value.
    @Test func aPooledCrossSaysHow() {
        let image = Samples.map(rows: 16, columns: 40, cell: 64, recorded: 1024)
        let view = MapView(
            image: image, request: image.request, scale: Scale(kind: .linear, image: image), cursor: 1000, anchor: 0,
            recorded: 1024, tokens: 1024, look: Look(depth: .none))
        #expect(view.footer.contains("┼ max ") || view.footer.contains("┼ mean "))
    }
}
