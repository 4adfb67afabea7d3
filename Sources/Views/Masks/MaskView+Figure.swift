import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension MaskView {
    /// What a mask lets every query of a window see, for a page.
    package struct Page: Sendable {
        let shares: MapShares
        let request: MapRequest
        let words: MapView.Words?
        let axes: MapView.Axes

        package init(shares: MapShares, request: MapRequest, words: MapView.Words?, axes: MapView.Axes) {
            (self.shares, self.request, self.words, self.axes) = (shares, request, words, axes)
        }
    }

    /// The mask as a picture, and what it costs the cursor.
    package func figure(_ page: Page) -> Figure {
        let request = page.request
        var plot = FigurePlot(
            x: keys(page), y: queries(page),
            size: MapView.extent(rows: request.rows, columns: request.columns, page.words))
        let shares = page.shares.densities
        plot.raster = FigureRaster(
            rows: request.rows, columns: request.columns, values: shares.map { Float($0) },
            cells: shares.indices.map { place in
                if shares[place] > 0 { return .level(Float(shares[place])) }
                return isFuture(row: place / request.columns, column: place % request.columns, request)
                    ? .nothing : .hidden
            })
        if request.cell > 1 {
            plot.bar = FigureBar(
                title: say("share of pairs that are seen"),
                ticks: [0, 0.5, 1].map { FigureTick($0, Figures.fixed(100 * $0, 0) + " %") })
        }
        if page.words == nil, let cursor {
            plot.marks.append(.across(y: Double(cursor) + 0.5, say("cursor \(cursor.grouped)")))
        }
        var figure = Figure(title: say("Mask: \(shortFacts)"), plots: [plot], remarks: remarks(page), map: look.map)
        if plot.raster?.cells.contains(.hidden) == true {
            figure.swatches = [FigureSwatch(cell: .hidden, title: say("hidden by the mask"))]
        }
        return figure
    }

    /// Whether all keys of a cell come after all its queries, where queries see no later ones.
    private func isFuture(row: Int, column: Int, _ request: MapRequest) -> Bool {
        guard direction == .before else { return false }
        let lastQuery = request.firstQuery + (row + 1) * request.cell - 1
        return request.firstKey + column * request.cell > lastQuery
    }

    private func keys(_ page: Page) -> FigureAxis {
        let request = page.request
        if let words = page.words { return .words(page.axes.keys.said, words.keys, first: Double(request.firstKey)) }
        return .tokens(
            say("\(page.axes.keys.said) (token)"), first: request.firstKey, count: request.columns * request.cell)
    }

    private func queries(_ page: Page) -> FigureAxis {
        let request = page.request
        if let words = page.words {
            return .words(page.axes.queries.said, words.queries, first: Double(request.firstQuery), isDownwards: true)
        }
        return .tokens(
            say("\(page.axes.queries.said) (token)"), first: request.firstQuery, count: request.rows * request.cell,
            isDownwards: true)
    }

    private func remarks(_ page: Page) -> [String] {
        var remarks: [String] = []
        if let row { remarks.append(say("Cursor \(row.query.grouped): \(counts(row).joined(separator: ", ")).")) }
        if let survey {
            remarks.append(say("\(footer); mean mass kept \(Figures.weight(survey.meanMassKept))."))
        }
        if page.request.cell > 1 {
            remarks.append(say("A cell is \(page.request.cell.grouped)² tokens."))
        }
        if page.shares.sampling > 1 {
            remarks.append(say("One query in \(page.shares.sampling.grouped) was looked at."))
        }
        return remarks
    }
}
