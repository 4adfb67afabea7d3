import RopewalkCellGrid

/// A bar of a figure, with its name before it and what it says behind it.
struct FigureBarRow {
    let name: String
    let value: Double
    let text: String
    var ink = FigureInk.good

    /// Cells of a name at most.
    private static let longest = 40

    init(_ name: String, _ value: Double, _ text: String, ink: FigureInk = .good) {
        self.name = CellWidth.truncated(name, to: Self.longest)
        self.value = value.isFinite ? value : 0
        self.text = text
        self.ink = ink
    }
}

extension FigurePlot {
    /// Bars from 0 on, one under the other.
    /// - Parameter decimals: of the ticks
    static func bars(_ title: String, _ rows: [FigureBarRow], decimals: Int = 2) -> FigurePlot {
        let most = max(1e-6, rows.map(\.value).max() ?? 1)
        // Room for the texts behind the bars.
        let axis = ChartAxis(0...most * 1.7)
        var plot = FigurePlot(
            x: FigureAxis(title, axis, count: 3) { Figures.fixed($0, decimals) },
            y: .words("", rows.map(\.name), isDownwards: true),
            size: Extent(width: 220, height: 17 * Double(max(1, rows.count))))
        plot.marks = rows.enumerated().flatMap { index, row -> [FigureMark] in
            let place = Double(index) + 0.5
            return [
                .bar(row: place, from: 0, to: row.value, height: 0.6, row.ink),
                .word(FigureMark.Point(row.value + most * 0.04, place), row.text, .text, endsThere: false),
            ]
        }
        return plot
    }
}
