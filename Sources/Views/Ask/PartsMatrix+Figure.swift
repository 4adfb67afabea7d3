import RopewalkCellGrid
import RopewalkPhrases

extension PartsMatrix {
    /// Rows and columns of a page at most: more words than these on a side have no room.
    private static let mostOfPage = MapView.Words.most
    /// Cells of a name at most.
    private static let longestName = 24

    /// For a page: the parts around the selected one and around the key that is looked at; nil while nothing is known.
    package func figure(title: String, map: ColourMap) -> Figure? {
        guard count > 0, rows[selected] != nil else { return nil }
        let most = min(count, Self.mostOfPage)
        let rows = Range.around(selected, count: most, of: count)
        let columns = columns(most, end: isCausal ? rows.upperBound : min(count, selected + most / 2 + 1))
        let values = rows.flatMap { row in columns.map { weight(row, $0) } }
        let scale = Scale(kind: .logarithmic, weights: values)
        var plot = FigurePlot(
            x: .words(say("is read"), columns.map(name), first: Double(columns.lowerBound)),
            y: .words(say("reads"), rows.map(name), first: Double(rows.lowerBound), isDownwards: true),
            size: MapView.extent(
                rows: rows.count, columns: columns.count,
                MapView.Words(queries: rows.map(name), keys: columns.map(name))))
        plot.raster = FigureRaster(
            rows: rows.count, columns: columns.count, values: values,
            cells: values.map { $0.isNaN ? .nothing : .level(scale.position(of: $0)) })
        plot.bar = scale.bar(title: say("weight"))
        if let column {
            plot.marks.append(
                .frame(
                    x: Double(column)...Double(column + 1), y: Double(selected)...Double(selected + 1), .bad))
        }
        return Figure(title: title, plots: [plot], remarks: remarks(rows, columns, scale), map: map)
    }

    /// NaN where nothing is known, and where nothing can be seen.
    private func weight(_ row: Int, _ column: Int) -> Float {
        guard let weights = rows[row], !isCausal || column <= row, weights.indices.contains(column) else { return .nan }
        return weights[column]
    }

    private func name(_ part: Int) -> String {
        CellWidth.truncated("\(part.grouped) \(label(part))", to: Self.longestName)
    }

    private func remarks(_ rows: Range<Int>, _ columns: Range<Int>, _ scale: Scale) -> [String] {
        var remarks = [
            say(
                "A cell is the mean, over the tokens of the part that reads, of their weights summed over the other part."
            )
        ]
        if rows.count < count || columns.count < count {
            let last = (rows: rows.upperBound - 1, columns: columns.upperBound - 1)
            remarks.append(
                say(
                    """
                    Of \(count.grouped) parts \(rows.lowerBound.grouped)–\(last.rows.grouped) read, and \
                    \(columns.lowerBound.grouped)–\(last.columns.grouped) are read.
                    """))
        }
        if let text = scale.remarks.first { remarks.append(say("Scale: \(text).")) }
        return remarks
    }
}
