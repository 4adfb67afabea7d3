import RopewalkLens
import RopewalkPhrases

extension TilesView {
    /// Tiles of a side that have cells of their own on a page; more share one.
    private static let mostOfPage = 64

    /// For a page: the tiles in their order, and the running softmax of the cursor's row.
    package func figure(title: String) -> Figure {
        let plots = [order] + (row.map { softmax($0).map { [$0] } ?? [] } ?? [])
        var figure = Figure(title: title, plots: plots, columns: plots.count, remarks: remarks, map: look.map)
        if order.raster?.cells.contains(.hidden) == true {
            figure.swatches.append(FigureSwatch(cell: .hidden, title: say("skipped: the mask hides all of it")))
        }
        if plots.count > 1 {
            figure.legend = FigureLegend(
                columns: [],
                entries: [
                    FigureLegend.Entry(
                        series: 0, title: say("m, the highest score so far"), numbers: [], isStrong: false),
                    FigureLegend.Entry(
                        series: 1, title: say("m + ln l, the logarithm of the sum so far"), numbers: [],
                        isStrong: true),
                ])
        }
        return figure
    }

    /// The place of every tile in the walk; of several in a cell that of the first.
    private var order: FigurePlot {
        let board = TileBoard(walk, step: step, width: Self.mostOfPage, height: Self.mostOfPage)
        let (rows, columns) = (board.rows, board.columns)
        var values = [Float](repeating: .nan, count: rows * columns)
        for (place, tile) in walk.tiles.enumerated() {
            let cell = board.cell(of: tile)
            let index = cell.row * columns + cell.column
            if values[index].isNaN { values[index] = Float(place) }
        }
        let last = Float(max(1, walk.tiles.count - 1))
        let sizes = walk.grid.sizes
        var plot = FigurePlot(
            x: .tokens(say("key (token)"), first: 0, count: walk.grid.columns * sizes.columns),
            y: .tokens(say("query (token)"), first: 0, count: walk.grid.rows * sizes.rows, isDownwards: true),
            size: FigurePlot.Extent(width: 300, height: 300))
        plot.raster = FigureRaster(
            rows: rows, columns: columns, values: values,
            cells: values.map { $0.isNaN ? .hidden : .level($0 / last) })
        plot.bar = FigureBar(
            title: say("place in the order"),
            ticks: [0, walk.tiles.count / 2, max(0, walk.tiles.count - 1)].map {
                FigureTick(Double($0) / Double(last), ($0 + 1).grouped)
            })
        if let tile {
            let (x, y) = (tile.column * sizes.columns, tile.row * sizes.rows)
            plot.marks = [
                .frame(
                    x: Double(x)...Double(x + sizes.columns), y: Double(y)...Double(y + sizes.rows), .bad)
            ]
        }
        return plot
    }

    /// m and m + ln l after each tile of the cursor's row; nil where it has none.
    private func softmax(_ row: TileRow) -> FigurePlot? {
        func points(_ value: (TileRow.Step) -> Float) -> [FigureMark.Point] {
            row.steps.filter { value($0).isFinite }.map {
                FigureMark.Point(Double($0.keys.upperBound), Double(value($0)))
            }
        }
        let (highest, sums) = (points { $0.state.highest }, points { $0.state.logSumExp })
        let values = (highest + sums).map(\.y) + [Double(row.plainLogSumExp)]
        guard let low = values.min(), let high = values.max(), low.isFinite, high.isFinite, !sums.isEmpty else {
            return nil
        }
        let air = max(0.1, (high - low) * 0.08)
        let end = max(1, row.steps.last?.keys.upperBound ?? 1)
        var plot = FigurePlot(
            x: .tokens(say("keys read of the cursor's row"), first: 0, count: end),
            y: FigureAxis(say("score"), ChartAxis(low - air...high + air), count: 5) { Figures.fixed($0, 1) },
            size: FigurePlot.curves)
        plot.title = say("running softmax of query \(row.query.grouped)")
        plot.marks = [
            .across(y: Double(row.plainLogSumExp), say("plain softmax")),
            .line(highest, series: 0, isStrong: false), .line(sums, series: 1, isStrong: true),
        ]
        return plot
    }

    private var remarks: [String] {
        let grid = walk.grid
        let sizes = grid.sizes
        var remarks = [
            say(
                """
                Tiles of \(sizes.rows.grouped) queries × \(sizes.columns.grouped) keys, \
                \(walk.version == .first ? say("keys outside (version 1)") : say("queries outside (version 2)")): \
                \(grid.visited.grouped) visited, \(grid.skipped.grouped) skipped.
                """)
        ]
        if max(grid.rows, grid.columns) > Self.mostOfPage { remarks.append(say("A cell stands for several tiles.")) }
        if let row {
            let difference = Figures.scientificOrZero(Double(row.difference))
            remarks.append(say("The output is that of the plain softmax but for \(difference): rounding."))
        }
        return remarks
    }
}
