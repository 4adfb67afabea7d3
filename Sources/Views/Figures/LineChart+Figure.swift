import RopewalkLens

extension LineChart {
    /// The same lines for a page.
    func figure(
        title: String, xTitle: String, yTitle: String, legend: ChartLegend, remarks: [String] = []
    ) -> Figure {
        var plot = FigurePlot(
            x: FigureAxis(xTitle, x, count: 6, isWhole: true, text: xText),
            y: FigureAxis(yTitle, y, count: 5, text: yText),
            size: FigurePlot.curves)
        (plot.x.hasGrid, plot.y.hasGrid) = (true, true)
        plot.marks =
            horizontals.map { .across(y: $0.value, $0.label) } + verticals.map { .down(x: $0.value, $0.label) }
            + series.map { line in
                .line(
                    line.points.map { FigureMark.Point($0.x, $0.y) }, series: line.ink.index,
                    isStrong: line.ink.isStrong)
            }
        return Figure(title: title, plots: [plot], legend: legend.figure, remarks: remarks)
    }
}

extension ChartLegend {
    fileprivate var figure: FigureLegend {
        FigureLegend(
            columns: columns,
            entries: entries.map {
                FigureLegend.Entry(series: $0.ink.index, title: $0.title, numbers: $0.numbers, isStrong: $0.isStrong)
            })
    }
}

extension FigurePlot {
    /// Of curves.
    static let curves = Extent(width: 360, height: 210)
}
