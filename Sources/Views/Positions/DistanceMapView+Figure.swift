import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension DistanceMapView {
    /// For a page.
    package var figure: Figure {
        let request = image.request
        var plot = FigurePlot(
            x: .tokens(say("key (token)"), first: request.firstKey, count: request.columns * request.cell),
            y: .tokens(
                say("query (token)"), first: request.firstQuery, count: request.rows * request.cell, isDownwards: true),
            size: MapView.extent(rows: request.rows, columns: request.columns, nil))
        let longest = Float(max(1, window))
        plot.raster = FigureRaster(
            rows: request.rows, columns: request.columns, values: image.values,
            cells: image.values.map { $0.isNaN ? .nothing : .level(min(1, $0 / longest)) })
        plot.bar = FigureBar(
            title: say("effective distance (tokens)"),
            ticks: (0...4).map { quarter in
                let tokens = window * quarter / 4
                return FigureTick(
                    Double(tokens) / Double(longest), (quarter == 4 ? "≥ " : "") + tokens.grouped)
            })
        plot.marks = [.across(y: Double(cursor) + 0.5, say("cursor \(cursor.grouped)"))]
        if let anchor { plot.marks.append(.down(x: Double(anchor) + 0.5, say("anchor \(anchor.grouped)"))) }
        let remarks = [
            anchor.map { $0 <= cursor } == true ? footer + "." : nil,
            say("The strongest colour: \(window.grouped) tokens and more, further than in training."),
            request.cell > 1
                ? say("A cell is \(request.cell.grouped)² tokens: the longest distance in it.")
                : nil,
        ]
        return Figure(
            title: say("Effective distances of \(title)"), plots: [plot], remarks: remarks.compactMap { $0 },
            map: look.map)
    }
}
