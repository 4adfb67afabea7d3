import RopewalkViews

/// A plot with the room that its axes need around it, and where it stands on the page.
struct PlotFrame {
    let plot: FigurePlot
    /// Room around what lies between the axes.
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    /// The upper left corner of what lies between the axes.
    private(set) var x = 0.0
    private(set) var y = 0.0

    static let tick = 4.0
    static let titleRoom = 17.0
    static let barWidth = 12.0
    static let barGap = 14.0

    init(_ plot: FigurePlot) {
        self.plot = plot
        let size = FigureStyle.smallSize
        func widest(_ ticks: [FigureTick]) -> Double {
            ticks.map { FigureText.width($0.text, size: size) }.max() ?? 0
        }
        let (columns, rows) = (widest(plot.x.ticks), widest(plot.y.ticks))
        left = (plot.y.ticks.isEmpty ? 2 : rows + Self.tick + 4) + (plot.y.title.isEmpty ? 0 : Self.titleRoom)
        bottom =
            (plot.x.ticks.isEmpty ? 2 : (plot.x.hasWords ? columns : size + 2) + Self.tick + 3)
            + (plot.x.title.isEmpty ? 0 : Self.titleRoom)
        let last = plot.x.hasWords ? 0 : plot.x.ticks.last.map { FigureText.width($0.text, size: size) / 2 } ?? 0
        let bar = plot.bar.map {
            Self.barGap + Self.barWidth + Self.tick + 3 + widest($0.ticks) + ($0.title.isEmpty ? 0 : Self.titleRoom)
        }
        right = max(last, bar ?? 0)
        top = plot.title.isEmpty ? 6 : 20
    }

    func at(x: Double, y: Double) -> PlotFrame {
        var frame = self
        (frame.x, frame.y) = (x, y)
        return frame
    }

    var width: Double { left + plot.size.width + right }
    var height: Double { top + max(plot.size.height + bottom, barHeight) }
    /// Of the scale of colours: as high as the plot, and so high that its numbers stand apart.
    var barHeight: Double {
        guard let bar = plot.bar else { return 0 }
        return max(plot.size.height, Double(max(0, bar.ticks.count - 1)) * (FigureStyle.smallSize + 5))
    }
    var maxX: Double { x + plot.size.width }
    var maxY: Double { y + plot.size.height }

    /// On the page; nil for what is no number there.
    func across(_ value: Double) -> Double? { plot.x.place(value).map { x + $0 * plot.size.width } }

    func down(_ value: Double) -> Double? {
        plot.y.place(value).map { y + (plot.y.isDownwards ? $0 : 1 - $0) * plot.size.height }
    }
}
