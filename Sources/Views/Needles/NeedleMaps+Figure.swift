import Foundation
import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPhrases

/// Maps of one or several methods and tasks for a page.
package struct NeedleMapsFigure {
    private let views: [NeedleMapView]
    private let measure: NeedleMeasure
    private let seeds: Int
    private let look: Look

    /// - Parameters:
    ///   - maps: each with what its method is called
    ///   - seeds: prompts of one place
    package init(_ maps: [(map: NeedleMap, title: String)], measure: NeedleMeasure, seeds: Int, look: Look) {
        views = maps.map { NeedleMapView($0.map, measure: measure, title: $0.title, look: look) }
        self.measure = measure
        self.seeds = seeds
        self.look = look
    }

    /// A plot a map, two in a row; nil while nothing is read.
    package var figure: Figure? {
        let plots = views.compactMap { plot($0) }
        guard !plots.isEmpty else { return nil }
        var figure = Figure(
            title: say("Needles by length and depth"), plots: plots, columns: plots.count > 1 ? 2 : 1,
            remarks: [say("Numbers: \(measure.meaning), \(seeds) \(seeds, one: "prompt", many: "prompts") a place.")],
            map: look.map)
        if views.contains(where: { view in view.map.tallies.joined().contains { $0.problem != nil } }) {
            figure.remarks.append(say("Empty places could not be read."))
        }
        return figure
    }

    private func plot(_ view: NeedleMapView) -> FigurePlot? {
        let map = view.map
        let values = map.tallies.joined().map { $0.value(measure) }
        guard values.contains(where: { $0 != nil }) else { return nil }
        let side = min(46, max(24, 330 / Double(max(1, map.lengths.count))))
        var plot = FigurePlot(
            x: .words(say("length (tokens)"), map.lengths.map { Figures.short($0) }),
            y: .words(
                map.task.hasDepth ? say("depth (%)") : "", map.task.hasDepth ? map.depths.map { String($0) } : [""],
                isDownwards: true),
            size: FigurePlot.Extent(
                width: side * Double(map.lengths.count), height: max(20, side * 0.6) * Double(map.depths.count)))
        plot.title = view.heading
        plot.raster = FigureRaster(
            rows: map.depths.count, columns: map.lengths.count, values: values.map { Float($0 ?? .nan) },
            cells: values.map { $0.map { .level(view.level($0)) } ?? .nothing })
        plot.raster?.numbers = values.map { $0 == nil ? "" : measure.text($0) }
        plot.bar = FigureBar(
            title: measure.isShare ? "%" : say("nats"),
            ticks: measure.isShare
                ? [FigureTick(0, "0"), FigureTick(0.5, "50"), FigureTick(1, "100")]
                : [FigureTick(0, "8"), FigureTick(0.5, "4"), FigureTick(1, "0")])
        return plot
    }
}

/// What methods score by length, a line a method: how far each carries.
package struct NeedleReachFigure {
    private let maps: [(map: NeedleMap, title: String)]
    private let measure: NeedleMeasure
    private let window: Int
    private let look: Look

    /// - Parameter window: tokens that the model was trained on
    package init(_ maps: [(map: NeedleMap, title: String)], measure: NeedleMeasure, window: Int, look: Look) {
        (self.maps, self.measure, self.window, self.look) = (maps, measure, window, look)
    }

    private var lines: [[LineChart.Point]] {
        maps.map { map, _ in
            map.lengths.indices.compactMap { index in
                map.mean(measure, length: index).map { LineChart.Point(x: Double(map.lengths[index]), y: $0) }
            }
        }
    }

    /// Nil where there are not two lengths.
    package var figure: Figure? {
        let lines = lines
        let lengths = maps.flatMap(\.map.lengths)
        guard let low = lengths.min(), let high = lengths.max(), low < high, lines.contains(where: { $0.count > 1 })
        else {
            return nil
        }
        let most = measure.isShare ? 100 : max(1, lines.joined().map(\.y).filter(\.isFinite).max() ?? 1)
        let chart = LineChart(
            x: ChartAxis(Double(low)...Double(high), isLogarithmic: true), y: ChartAxis(0...most),
            series: lines.enumerated().map { LineChart.Series(points: $1, ink: .ink($0, look: look)) },
            verticals: low...high ~= window
                ? [LineChart.Mark(value: Double(window), label: say("trained on \(window.grouped)"))] : [],
            horizontals: measure == .score
                ? [LineChart.Mark(value: RulerThreshold.score, label: Figures.fixed(RulerThreshold.score, 1))] : [],
            xText: { Figures.short(Int($0.rounded())) }, yText: { Figures.fixed($0, measure.isShare ? 0 : 1) },
            look: look)
        let legend = ChartLegend(
            columns: [say("carries")],
            entries: maps.enumerated().map { index, entry in
                ChartLegend.Entry(
                    ink: .ink(index, look: look), title: "\(entry.map.task.spec) · \(entry.title)",
                    numbers: [entry.map.carries().map { $0.grouped + (entry.map.isWhole ? "" : " …") } ?? "–"],
                    isStrong: false)
            }, look: look)
        return chart.figure(
            title: say("How far needles are found"), xTitle: say("length (tokens), logarithmic"),
            yTitle: measure.meaning, legend: legend,
            remarks: [say("Means over all depths; carries: the longest length up to which every one has 85.6 or more.")]
        )
    }
}
