import RopewalkCellGrid
import Testing

@testable import RopewalkViews

@Suite struct LineChartTests {
    private func chart(_ series: [[(Double, Double)]], depth: ColourDepth, log: Bool = false) -> LineChart {
        LineChart(
            x: ChartAxis(log ? 1...1000 : 0...100, isLogarithmic: log), y: ChartAxis(0...10),
            series: series.enumerated().map { index, points in
                LineChart.Series(
                    points: points.map { LineChart.Point(x: $0.0, y: $0.1) },
                    ink: .ink(index, look: Look(depth: depth)))
            }, verticals: [LineChart.Mark(value: 50, label: "half")],
            horizontals: [LineChart.Mark(value: 5, label: "middle")],
            xText: { Figures.short(Int($0)) }, yText: { Figures.fixed($0, 1) }, look: Look(depth: depth))
    }

    private func cells(_ chart: LineChart, _ width: Int, _ height: Int) -> [String] {
        drawn(width: width, height: height) { chart.draw(in: $0, on: &$1) }.lines
    }

    @Test func aRisingLineRisesFromCornerToCorner() {
        let lines = cells(chart([[(0, 0), (100, 10)]], depth: .none), 27, 11)
        #expect(lines[0].hasSuffix("o"))
        // The axis of numbers takes seven cells.
        #expect(lines[9].dropFirst(7).hasPrefix("o"))
        for row in 1..<9 { #expect(lines[row].contains("o"), "\(lines)") }
        #expect(lines[10].contains("╵0"))
    }

    /// One value tells nothing of how far up a line is.
    @Test(arguments: 4...12) func aLowChartHasTwoValues(height: Int) {
        let lines = cells(chart([[(0, 0), (100, 10)]], depth: .none), 27, height)
        #expect(lines.filter { $0.contains("┤") }.count >= 2, "\(lines)")
    }

    @Test func dotsOfAFlatLineStandInOneRow() {
        let lines = cells(chart([[(0, 5), (100, 5)]], depth: .indexed256), 20, 8)
        let rows = lines.indices.filter { row in
            lines[row].unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }
        }
        #expect(rows.count == 1)
    }

    @Test func whatIsNotThereIsNotDrawn() {
        for points in [[], [(5.0, Double.nan)], [(0, .infinity), (100, 3)], [(0, 40), (100, 40)]] {
            let lines = cells(chart([points], depth: .none), 40, 9)
            #expect(!lines.joined().contains("o"), "\(points)")
        }
    }

    @Test func axesHaveRoundTicks() {
        #expect(ChartAxis(0...2048).ticks(5) == [0, 500, 1000, 1500, 2000])
        #expect(ChartAxis(1...41_000, isLogarithmic: true).ticks(8) == [1, 10, 100, 1000, 10_000])
        #expect(ChartAxis(3...3).ticks(4).count <= 5)
        #expect(ChartAxis(0...Double.infinity).range == 0...1)
        let axis = ChartAxis(1...1000, isLogarithmic: true)
        for place in [0, 0.25, 0.5, 1] { #expect(abs((axis.place(axis.value(at: place)) ?? -1) - place) < 1e-12) }
        #expect(axis.place(0) == nil)
    }
}
