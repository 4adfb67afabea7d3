import Foundation
import RopewalkLens
import RopewalkPhrases

extension HeadsView {
    /// Cells on a side of a small map, for a page.
    package static func pageSide(layers: Int, heads: Int) -> Int {
        max(8, min(40, 960 / max(1, layers, heads)))
    }

    /// For a page: small maps of all heads, and all heads by the measure that they are sorted by; nil before anything is
    /// known of them.
    package var figure: Figure? {
        guard layers > 0, heads > 0, !order.values.isEmpty || !thumbnails.isEmpty else { return nil }
        var plots: [FigurePlot] = []
        if thumbnails.count == layers * heads { plots.append(maps) }
        if order.values.count == layers * heads, order.values.contains(where: \.isFinite) { plots.append(measures) }
        var remarks: [String] = []
        if thumbnails.count == layers * heads {
            remarks.append(
                say("Maps: queries down, keys to the right, \(poolingText), each row on its own logarithmic scale."))
        }
        if let meaning = numbers?.meaning ?? place?.meaning {
            remarks.append("\(meaning).")
        } else {
            remarks.append(say("Measure: \(measureTitle)."))
        }
        if measuresCircuits { remarks.append(say("Circuits: \(footer).")) }
        remarks.append(say("Edge: L\(selected.layer) H\(selected.head)."))
        return Figure(
            title: say("All heads: \(layers) layers × \(heads) heads"), plots: plots, columns: side > 260 ? 1 : 2,
            remarks: remarks, map: look.map)
    }

    private var poolingText: String {
        thumbnails.first.map { say("\($0.request.pooling.rawValue.said) of \($0.cell.grouped)² tokens a cell") } ?? ""
    }

    /// A measure with its unit.
    private var measureTitle: String {
        if let title = numbers?.title ?? place?.title { return title }
        let name = HeadScore.measures[sort]
        return ["entropy": say("entropy (bits)"), "distance": say("mean distance (tokens)")][name]
            ?? say("\(name.said) (share)")
    }

    /// A small map on the page, pixels.
    private var tile: Double { min(64, max(14, 400 / Double(max(layers, heads)))) }
    private var side: Double { tile * Double(heads) }

    /// Heads to the right, layers down.
    private func plot(tile: Double) -> FigurePlot {
        let every = max(1, Int((26 / tile).rounded(.up)))
        func axis(_ title: String, _ letter: String, _ count: Int) -> FigureAxis {
            FigureAxis(
                title, 0...Double(count),
                ticks: stride(from: 0, to: count, by: every).map { FigureTick(Double($0) + 0.5, "\(letter)\($0)") })
        }
        var plot = FigurePlot(
            x: axis(say("head"), "H", heads), y: axis(say("layer"), "L", layers),
            size: FigurePlot.Extent(width: tile * Double(heads), height: tile * Double(layers)))
        plot.y.isDownwards = true
        let (row, column) = (Double(selected.layer), Double(selected.head))
        plot.marks = [.frame(x: column...column + 1, y: row...row + 1, .bad)]
        return plot
    }

    private var maps: FigurePlot {
        var plot = plot(tile: tile)
        let side = thumbnails.map { max($0.rows, $0.columns) }.max() ?? 1
        // An empty cell parts the maps.
        let pitch = side + 1
        let (rows, columns) = (layers * pitch, heads * pitch)
        var values = [Float](repeating: .nan, count: rows * columns)
        var cells = [FigureRaster.Cell](repeating: .nothing, count: rows * columns)
        for (index, image) in thumbnails.enumerated() {
            let shades = Thumbnail(image, look: look, leavingOutFirst: leftOut)
            let (top, left) = (index / heads * pitch, index % heads * pitch)
            for row in 0..<side {
                for column in 0..<side {
                    // Where a map has fewer cells than a tile, each is drawn larger.
                    let (y, x) = (row * image.rows / side, column * image.columns / side)
                    guard let share = shades.share(row: y, column: x) else { continue }
                    let place = (top + row) * columns + left + column
                    (values[place], cells[place]) = (image[y, x], .level(share))
                }
            }
        }
        plot.raster = FigureRaster(rows: rows, columns: columns, values: values, cells: cells)
        return plot
    }

    private var measures: FigurePlot {
        var plot = plot(tile: max(14, tile * 0.6))
        let values = order.values
        let known = values.filter(\.isFinite)
        let (low, high) = (min(0, known.min() ?? 0), max(known.max() ?? 0, 1e-6))
        plot.raster = FigureRaster(
            rows: layers, columns: heads, values: values,
            cells: values.map { $0.isFinite ? .level(($0 - low) / (high - low)) : .nothing })
        // Three values at equal distances have to look so.
        let decimals = high < 10 ? max(2, Int((-log10((high - low) / 2)).rounded(.up)) + 1) : 0
        plot.bar = FigureBar(
            title: measureTitle,
            ticks: (0...2).map { half in
                let value = low + (high - low) * Float(half) / 2
                return FigureTick(Double(half) / 2, Figures.fixed(Double(value), decimals))
            })
        return plot
    }
}
