import RopewalkCellGrid
import RopewalkPictures
import Testing

@testable import RopewalkViews

@Suite struct LongTextViewTests {
    private static func view(_ count: Int = 4, top: Int = 0, depth: ColourDepth = .none) -> LongTextView {
        let standings: [LongTextView.Standing] = [.none, .holds, .fails, .decides]
        return LongTextView(
            kind: "chaotic: broken or made by a machine", reason: "decided by: bar_rate 0.04 > 0.01", strip: "·▂▇█",
            rows: (0..<count).map {
                LongTextView.Row(
                    name: "metric_\($0)", value: "0.\($0)", asked: $0 % 2 == 1 ? "≥ 0.2" : "", z: "1.5",
                    percentile: $0 == 0 ? nil : 30 * $0 % 101, standing: standings[$0 % 4], meaning: "what it is 孔子")
            }, top: top, notes: ["thresholds are our own"], obstacle: nil, look: Look(depth: depth))
    }

    private static func lines(_ view: LongTextView, width: Int = 70, height: Int = 12) -> [String] {
        var grid = Grid(size: Size(width: width, height: height))
        view.draw(in: grid.bounds, on: &grid)
        return grid.lines
    }

    @Test func whatDecidedStandsAboveAllMetrics() {
        let lines = Self.lines(Self.view())
        #expect(lines[0] == "chaotic: broken or made by a machine" && lines[1] == "decided by: bar_rate 0.04 > 0.01")
        #expect(lines[2] == "coherence ·▂▇█" && lines[3].hasPrefix("metric"))
        #expect(lines[4].hasPrefix("metric_0") && lines[4].contains("—"))
        #expect(lines[5].contains("≥ 0.2") && lines[5].contains("holds") && lines[7].contains("decides"))
        #expect(lines[8] == "thresholds are our own")
    }

    @Test func aLongTableIsScrolled() {
        let lines = Self.lines(Self.view(20, top: 5), height: 10)
        #expect(lines[4].hasPrefix("metric_5") && lines[9] == "thresholds are our own")
        #expect(Self.lines(Self.view(20, top: 99), height: 10)[8].hasPrefix("metric_19"))
    }

    @Test(arguments: ColourDepth.allCases) func everySizeStaysInside(depth: ColourDepth) {
        for (width, height) in [(0, 0), (1, 1), (9, 3), (16, 4), (38, 8), (60, 18), (200, 5), (12, 60)] {
            for count in [0, 1, 20] {
                var grid = Grid(size: Size(width: width + 8, height: height + 6))
                let rect = Rect(x: 4, y: 3, width: width, height: height)
                Self.view(count, top: 7, depth: depth).draw(in: rect, on: &grid)
                for y in 0..<grid.size.height {
                    let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                    #expect(outside.isEmpty, "\(width) \(height) \(count), row \(y - 3)")
                }
            }
        }
    }

    @Test func theFigureHasPercentiles() throws {
        let figure = try #require(Self.view(depth: .direct).figure)
        #expect(figure.plots[0].marks.count == 3 && figure.remarks.contains("thresholds are our own"))
        #expect(FigureSVG(figure, ground: .light).text.contains("metric_3"))
        #expect(Self.view(1).figure == nil)
    }
}
