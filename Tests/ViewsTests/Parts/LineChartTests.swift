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

    /// Lines that lie on each other take turns, with colours and without: none hides another.
    @Test func coveredLinesTakeTurns() {
        let flat = [(0.0, 5.0), (100.0, 5.0)]
        let symbols = cells(chart([flat, flat, flat], depth: .none), 40, 8).joined()
        for symbol in ["o", "x", "+"] { #expect(symbols.contains(symbol)) }
        let grid = drawn(width: 40, height: 8) { chart([flat, flat], depth: .indexed256).draw(in: $0, on: &$1) }
        let colours = Set(
            (0..<8).flatMap { y in (8..<40).map { grid[$0, y] } }.filter { cell in
                cell.text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }
            }.map(\.style.foreground))
        #expect(colours.count == 2)
    }

    /// Told apart by more than colour: the second line has gaps, and its sample in the legend too.
    @Test func linesHaveDashes() {
        let flat = [(0.0, 5.0), (100.0, 5.0)]
        func dots(_ index: Int) -> Int {
            let empty = [[(Double, Double)]](repeating: [], count: index)
            return cells(chart(empty + [flat], depth: .indexed256), 47, 8).joined().unicodeScalars.reduce(0) {
                $0 + ((0x2800...0x28FF).contains($1.value) ? ($1.value & 0xFF).nonzeroBitCount : 0)
            }
        }
        #expect(dots(0) == 80)
        for index in 1...3 { #expect(dots(index) < 70 && dots(index) > 20, "\(index)") }
        let samples = (0..<4).map { SeriesInk.ink($0, look: Look(depth: .indexed256)).sample }
        #expect(Set(samples).count == 4)
    }

    /// As many as a comparison takes: each has a symbol on its line and the same one in the legend, whatever the colours are.
    @Test(arguments: [ColourDepth.none, .ansi8, .indexed256]) func everyLineHasItsMark(depth: ColourDepth) {
        let lines = (0..<8).map { [(0.0, Double($0) + 1), (100.0, Double($0) + 1.5)] }
        let text = cells(chart(lines, depth: depth), 80, 24)
        let look = Look(depth: depth)
        let inks = lines.indices.map { SeriesInk.ink($0, look: look) }
        #expect(Set(inks.map(\.symbol)).count == 8 && Set(inks.map(\.dashes)).count == 8)
        let legend = ChartLegend(
            columns: [], entries: inks.map { .init(ink: $0, title: "line", numbers: [], isStrong: false) }, look: look)
        let names = drawn(width: 40, height: 10) { legend.draw(in: $0, on: &$1) }.lines
        for ink in inks {
            #expect(text.contains { $0.contains(ink.symbol) }, "\(ink.symbol)")
            #expect(names.contains { $0.hasPrefix(ink.symbol + " line") }, "\(ink.symbol)")
        }
        // Lines that lie on each other have all theirs, in one cell's row or another.
        let flat = cells(chart(Array(repeating: [(0.0, 5.0), (100.0, 5.0)], count: 8), depth: depth), 80, 24).joined()
        for ink in inks { #expect(flat.contains(ink.symbol), "\(ink.symbol)") }
        // A line that is short has its mark too.
        let short = cells(chart([lines[0], [(40.0, 5.0), (43.0, 5.5)]], depth: depth), 80, 24)
        #expect(short.contains { $0.contains("x") })
    }

    @Test func whatLiesOnAnotherLineIsNamed() {
        func line(_ values: [Double]) -> [LineChart.Point] {
            values.enumerated().map { LineChart.Point(x: Double($0), y: $1) }
        }
        let lines = [line([1, 2, 3]), line([1, 2, 3.0004]), [], line([1, 2, 4]), line([1, 2, 3])]
        let names = CoveredLines.names(["rope", "ntk:factor=2", "waits", "pi:factor=2", "yarn:factor=2"])
        #expect(CoveredLines.words(lines, names: names, tolerance: 1e-3) == ["ntk, yarn: as rope"])
        #expect(CoveredLines.words(lines, names: names, tolerance: 1e-5) == ["yarn: as rope"])
        #expect(CoveredLines.names(["pi:factor=2", "pi:factor=4"]) == ["pi:factor=2", "pi:factor=4"])
    }

    /// What is said of lines keeps its place where not all are named.
    @Test(arguments: [3, 4, 6, 9]) func theLegendSaysWhatItLeavesOut(height: Int) {
        let look = Look(depth: .none)
        let entries = (0..<5).map {
            ChartLegend.Entry(ink: .ink($0, look: look), title: "line \($0)", numbers: [], isStrong: $0 == 3)
        }
        let legend = ChartLegend(columns: [], entries: entries, remarks: [["2 as 0"]], look: look)
        let lines = drawn(width: 40, height: height) { legend.draw(in: $0, on: &$1) }.lines
        let named = lines.count { $0.contains("line") }
        #expect(lines.contains { $0.contains("2 as 0") })
        #expect(named == 5 || lines.contains { $0.contains("… \(5 - named) more") })
        #expect(lines.contains { $0.contains("line 3") })
    }

    /// Wherever its range begins: losses from 2.6 to 5 had one.
    @Test func aRangeInBetweenHasTwoValues() {
        let chart = LineChart(
            x: ChartAxis(0...900), y: ChartAxis(2.6...5), series: [], xText: { Figures.short(Int($0)) },
            yText: { Figures.fixed($0, 1) }, look: Look(depth: .none))
        #expect(cells(chart, 60, 8).filter { $0.contains("┤") }.count >= 2)
    }

    /// A name stands on the other side of its mark where a line runs, or lower, before it is left out.
    @Test func namesOfMarksMakeWay() {
        let right = cells(chart([[(0, 1), (100, 1)]], depth: .none), 60, 11)
        #expect(right[0].contains("┊half"))
        let left = cells(chart([[(55, 10), (100, 10)]], depth: .none), 60, 11)
        #expect(left[0].contains("half┊"))
        let lower = cells(chart([[(0, 10), (100, 10)]], depth: .none), 60, 11)
        #expect(lower[1].contains("┊half") && !lower[0].contains("half"))
    }
}
