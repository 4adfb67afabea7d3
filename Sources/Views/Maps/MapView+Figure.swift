import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension MapView {
    /// The words of the axes, where each cell is one token and there is room for them.
    package struct Words: Equatable, Sendable {
        package let queries: [String]
        package let keys: [String]
        /// More words than these on a side have no room.
        package static let most = 48

        package init(queries: [String], keys: [String]) { (self.queries, self.keys) = (queries, keys) }
    }

    /// For a page; nil while nothing of the window is read.
    package func figure(title: String, words: Words? = nil) -> Figure? {
        guard let image, image.values.count == image.rows * image.columns, image.rows > 0, image.columns > 0,
            image.values.contains(where: { !$0.isNaN })
        else { return nil }
        var plot = FigurePlot(
            x: keyAxis(image, words), y: queryAxis(image, words),
            size: Self.extent(rows: image.rows, columns: image.columns, words))
        plot.raster = raster(image)
        if let words, let raster = plot.raster, Self.cell(raster.rows, raster.columns, words) >= Self.numberedCell {
            plot.raster?.numbers = numbers(raster)
        }
        plot.bar = scale.bar(
            title: say("weight") + (image.cell > 1 ? say(" (\(image.request.pooling.rawValue.said) of a cell)") : ""),
            hasHigher: image.values.contains { $0 > scale.highest })
        plot.marks = cross(hasWords: words != nil)
        var figure = Figure(
            title: title, plots: [plot], remarks: remarks(image, hasNumbers: plot.raster?.numbers.isEmpty == false),
            map: look.map)
        if plot.raster?.cells.contains(.hidden) == true {
            figure.swatches.append(FigureSwatch(cell: .hidden, title: say("hidden by the mask")))
        }
        if plot.raster?.cells.contains(.differing) == true {
            figure.swatches.append(FigureSwatch(cell: .differing, title: say("the two masks differ")))
        }
        return figure
    }

    private func raster(_ image: MapImage) -> FigureRaster {
        let cells = image.values.indices.map { place -> FigureRaster.Cell in
            let value = image.values[place]
            if value.isNaN { return .nothing }
            switch mark(row: place / image.columns, column: place % image.columns) {
            case Self.hidden?: return .hidden
            case Self.differing?: return .differing
            default: return .level(scale.position(of: value))
            }
        }
        return FigureRaster(rows: image.rows, columns: image.columns, values: image.values, cells: cells)
    }

    /// Cells of a small map have room for their weights; what would be 0.00 is left out.
    private func numbers(_ raster: FigureRaster) -> [String] {
        zip(raster.cells, raster.values).map { cell, value in
            guard case .level = cell, value >= 0.005 else { return "" }
            return Figures.fixed(Double(value), 2)
        }
    }

    private func keyAxis(_ image: MapImage, _ words: Words?) -> FigureAxis {
        if let words { return .words(axes.keys.said, words.keys, first: Double(image.firstKey)) }
        return .tokens(say("\(axes.keys.said) (token)"), first: image.firstKey, count: image.columns * image.cell)
    }

    private func queryAxis(_ image: MapImage, _ words: Words?) -> FigureAxis {
        if let words {
            return .words(axes.queries.said, words.queries, first: Double(image.firstQuery), isDownwards: true)
        }
        return .tokens(
            say("\(axes.queries.said) (token)"), first: image.firstQuery, count: image.rows * image.cell,
            isDownwards: true)
    }

    /// Square cells; words need some of their own height.
    static func extent(rows: Int, columns: Int, _ words: Words?) -> FigurePlot.Extent {
        let cell = cell(rows, columns, words)
        let least = words == nil ? 60.0 : 0
        return FigurePlot.Extent(
            width: max(least, cell * Double(columns)), height: max(least, cell * Double(rows)))
    }

    /// A side of a cell, CSS pixels.
    private static func cell(_ rows: Int, _ columns: Int, _ words: Words?) -> Double {
        let count = Double(max(1, rows, columns))
        return words == nil ? 300 / count : min(numberedCell, max(13, 420 / count))
    }

    /// Has room for a number of two decimals.
    private static let numberedCell = 30.0

    /// Cursor and anchor: lines from side to side; between words the cell where they meet has an edge.
    private func cross(hasWords: Bool) -> [FigureMark] {
        var marks: [FigureMark] = []
        if !hasWords {
            if let cursor { marks.append(.across(y: Double(cursor) + 0.5, say("cursor \(cursor.grouped)"))) }
            if let anchor { marks.append(.down(x: Double(anchor) + 0.5, say("anchor \(anchor.grouped)"))) }
        } else if let cursor, let anchor {
            marks.append(
                .frame(
                    x: Double(anchor)...Double(anchor + 1), y: Double(cursor)...Double(cursor + 1), .bad))
        }
        return marks
    }

    private func remarks(_ image: MapImage, hasNumbers: Bool) -> [String] {
        var remarks: [String] = []
        if image.cell > 1 {
            remarks.append(
                say(
                    """
                    A cell is \(image.cell.grouped) × \(image.cell.grouped) tokens: the \(image.request.pooling.rawValue.said) \
                    of their weights.
                    """))
        }
        if image.provenance.sampling > 1 {
            remarks.append(say("One query in \(image.provenance.sampling.grouped) was computed."))
        }
        if recorded < tokens { remarks.append(say("Read up to token \(recorded.grouped) of \(tokens.grouped).")) }
        if hasNumbers { remarks.append(say("Numbers: weights of 0.005 and more.")) }
        if let text = scale.remarks.first { remarks.append(say("Scale: \(text).")) }
        return remarks
    }
}

extension Scale {
    /// What a scale of colours says beside a figure.
    /// - Parameter hasHigher: Whether something is painted as its end that lies above it, as a first token left out of it.
    package func bar(title: String, hasHigher: Bool = false) -> FigureBar {
        let name = "\(title), \(kind.title)"
        guard highest > 0 else { return FigureBar(title: name, ticks: []) }
        return FigureBar(
            title: name,
            ticks: ticks.map { FigureTick(Double(position(of: $0)), sign($0, hasHigher) + text($0)) })
    }

    /// Before the ends, which stand for all that lies beyond them.
    private func sign(_ value: Float, _ hasHigher: Bool) -> String {
        if value == lowest, value > 0 { return "≤ " }
        return value == highest && hasHigher ? "≥ " : ""
    }

    private func text(_ value: Float) -> String {
        if value > 0, value < 0.0001 { return Figures.scientific(Double(value)) }
        let text = Figures.weight(value)
        // Noughts at the end say nothing on an axis.
        let short = String(text.reversed().drop { $0 == "0" }.reversed())
        return !text.contains(".") ? text : short.hasSuffix(".") ? String(short.dropLast()) : short
    }

    /// Round values between the ends, and both ends.
    private var ticks: [Float] {
        switch kind {
        case .linear: return (0...4).map { highest * Float($0) / 4 }
        case .logarithmic:
            let inner = (-12...1).map { Float(pow10($0)) }.filter { $0 > lowest * 1.6 && $0 < highest / 1.6 }
            return [lowest] + inner + [highest]
        case .quantile: return shares.map(weight(atShare:)) + [highest]
        }
    }

    private var shares: [Float] { [0.25, 0.5, 0.75] }

    private func pow10(_ exponent: Int) -> Double {
        (0..<abs(exponent)).reduce(1) { value, _ in exponent < 0 ? value / 10 : value * 10 }
    }

    /// The weight below which that share lies: halved in until it is near enough for a tick.
    private func weight(atShare share: Float) -> Float {
        var (low, high) = (highest * 1e-7, highest)
        for _ in 0..<40 {
            let middle = (low * high).squareRoot()
            if position(of: middle) < share { low = middle } else { high = middle }
        }
        return high
    }
}

extension Scale.Kind {
    /// In full, for a page.
    fileprivate var title: String {
        switch self {
        case .linear: say("linear")
        case .logarithmic: say("logarithmic")
        case .quantile: say("by rank")
        }
    }
}
