import RopewalkCellGrid
import RopewalkPictures
import Testing

@testable import RopewalkViews

@Suite struct ChunkMapsViewTests {
    private static func view(
        _ count: Int = 5, selected: ChunkMapsView.Place = .init(row: 3, column: 1), known: Int? = nil,
        depth: ColourDepth = .none
    ) -> ChunkMapsView {
        ChunkMapsView(
            names: (0..<count).map { "words of \($0)" },
            attention: (0..<(known ?? count)).map { row in
                (0..<count).map { $0 == row ? 0.5 : $0 < row ? 0.5 / Float(row) : 0 }
            }, retrieved: (0..<count).map { row in Array((0..<row).reversed().prefix(2)) },
            leaks: (0..<count).map { row in Set([row, row + 1].filter { $0 < count }) }, selected: selected,
            lines: ["what is selected", "the chunk", "all"], obstacle: nil, look: Look(depth: depth))
    }

    private static func lines(_ view: ChunkMapsView, width: Int = 60, height: Int = 12) -> [String] {
        var grid = Grid(size: Size(width: width, height: height))
        view.draw(in: grid.bounds, on: &grid)
        return grid.lines
    }

    /// Ranks stand where chunks were retrieved, leaks where they would have been.
    @Test func bothMapsStandBesideEachOther() {
        let lines = Self.lines(Self.view())
        #expect(lines[0].contains("reads") && lines[0].contains("retrieved"))
        #expect(lines[1].hasPrefix("0") && lines[1].hasSuffix("x x"), "\(lines[1])")
        #expect(lines[3].contains("2 1 x x"), "\(lines[3])")
        // Chunk 0 is not retrieved for chunk 3; its own column and the next one are leaks.
        #expect(lines[4].contains("· 2 1 x x"), "\(lines[4])")
        #expect(lines[6] == "what is selected" && lines[8] == "all")
        #expect(lines[9].hasPrefix("1–9: rank retrieved"))
    }

    @Test func rowsThatAreNotSummedYetAreDotted() {
        let lines = Self.lines(Self.view(known: 2))
        #expect(lines[5].contains("· · · · ·"), "\(lines[5])")
    }

    /// Where there is little room the selected pair stays, and places of the screen are those of the maps.
    @Test func theSelectedPairStaysOnTheScreen() {
        let view = Self.view(40, selected: .init(row: 39, column: 20))
        let lines = Self.lines(view, width: 40, height: 14)
        #expect(lines.contains { $0.hasPrefix("39") } && !lines.contains { $0.hasPrefix(" 0") })
        let rect = Rect(x: 2, y: 1, width: 60, height: 12)
        var seen: Set<ChunkMapsView.Place> = []
        for y in 0..<14 {
            for x in 0..<64 { if let place = Self.view().place(x: x, y: y, in: rect) { seen.insert(place) } }
        }
        #expect(seen.count == 25)
        #expect(Self.view().place(x: 4, y: 2, in: rect) == .init(row: 0, column: 0))
        #expect(Self.view(0).place(x: 4, y: 2, in: rect) == nil)
    }

    @Test(arguments: ColourDepth.allCases) func everySizeStaysInside(depth: ColourDepth) {
        for (width, height) in [(0, 0), (1, 1), (9, 3), (16, 4), (38, 8), (60, 18), (200, 5), (12, 60)] {
            for count in [0, 1, 5, 64] {
                let view = Self.view(count, selected: .init(row: 99, column: 99), depth: depth)
                var grid = Grid(size: Size(width: width + 8, height: height + 6))
                let rect = Rect(x: 4, y: 3, width: width, height: height)
                view.draw(in: rect, on: &grid)
                for y in 0..<grid.size.height {
                    let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                    #expect(outside.isEmpty, "\(width) \(height) \(count), row \(y - 3)")
                }
            }
        }
    }

    @Test func theFigureHasBothMaps() throws {
        let figure = try #require(Self.view(depth: .direct).figure)
        #expect(figure.plots.count == 2 && figure.plots[1].raster?.rows == 5)
        #expect(figure.plots[1].raster?.numbers[3 * 5 + 2] == "1" && figure.plots[1].raster?.numbers[3 * 5] == "")
        #expect(figure.plots[0].raster?.values[1].isNaN == true)
        #expect(figure.remarks.first == "all")
        #expect(FigureSVG(figure, ground: .light).text.contains("<svg"))
        #expect(Self.view(known: 0).figure == nil)
        #expect(Self.view(known: 2, depth: .direct).figure?.plots[0].raster?.rows == 2)
    }

    @Test func whatStandsInTheWayIsSaid() {
        let view = ChunkMapsView(
            names: [], attention: [], retrieved: [], leaks: [], selected: .init(row: 0, column: 0), lines: [],
            obstacle: "it is not read yet", look: Look(depth: .none))
        #expect(Self.lines(view).joined().contains("it is not read yet") && view.figure == nil)
    }
}
