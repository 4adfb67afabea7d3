import Foundation
import RopewalkCellGrid
import RopewalkExport
import RopewalkViews

/// The cells of a map: as rectangles while they are few, else as one picture inside of the picture, without loss.
struct RasterSVG {
    let raster: FigureRaster
    let frame: PlotFrame
    let style: FigureStyle
    let map: ColourMap

    /// Cells that are rectangles at most.
    private static let mostRectangles = 2_500
    /// Levels of colours, so that neighbouring values stay apart.
    private static let levels = 256
    /// A picture that is made larger is smoothed by some programs: with so many dots a side nobody sees that.
    private static let side = 1_024

    var text: String {
        guard raster.rows > 0, raster.columns > 0, raster.cells.count == raster.rows * raster.columns else { return "" }
        return (raster.cells.count <= Self.mostRectangles ? nil : picture) ?? rectangles
    }

    static func css(_ colour: Colour) -> String {
        Palette.components(of: colour).map { GridPage.hex($0) } ?? "none"
    }

    private var colours: [Colour] { map.colours(count: Self.levels, depth: .direct, ground: style.ground) }

    private static func index(_ level: Float) -> Int {
        level.isNaN ? 0 : min(levels - 1, max(0, Int((level * Float(levels - 1)).rounded())))
    }

    private var rectangles: String {
        let colours = colours.map(Self.css)
        let (width, height) = (
            frame.plot.size.width / Double(raster.columns), frame.plot.size.height / Double(raster.rows)
        )
        var text = "<g shape-rendering=\"crispEdges\">\n"
        var strokes = ""
        for (place, cell) in raster.cells.enumerated() {
            let (x, y) = (
                frame.x + Double(place % raster.columns) * width, frame.y + Double(place / raster.columns) * height
            )
            let fill: String
            switch cell {
            case .nothing: continue
            case .level(let level): fill = colours[Self.index(level)]
            case .hidden, .differing:
                fill = cell == .hidden ? style.hidden : style.colour(.warning)
                strokes += SVG.line(
                    x + 1, y + height - 1, x + width - 1, y + 1,
                    stroke: cell == .hidden ? style.hiddenStroke : style.paper)
            }
            text += SVG.rectangle(x: x, y: y, width: width + 0.3, height: height + 0.3, fill: fill)
        }
        return text + "</g>\n" + strokes + numbers(width, height)
    }

    /// In the middle of their cells, in the ink that is read on each.
    private func numbers(_ width: Double, _ height: Double) -> String {
        guard raster.numbers.count == raster.cells.count else { return "" }
        let colours = colours
        return zip(raster.cells, raster.numbers).enumerated().map { place, entry in
            guard case .level(let level) = entry.0, !entry.1.isEmpty else { return "" }
            let ink = Lightness.readableForeground(on: colours[Self.index(level)])
            return SVG.text(
                entry.1, x: frame.x + (Double(place % raster.columns) + 0.5) * width,
                y: frame.y + (Double(place / raster.columns) + 0.5) * height + Self.numberSize * 0.35,
                SVG.Font(size: Self.numberSize, ink: Self.css(ink), anchor: .middle))
        }.joined()
    }

    private static let numberSize = 10.0

    /// Nil where it could not be compressed.
    private var picture: String? {
        let scale = max(1, (Self.side + max(raster.rows, raster.columns) - 1) / max(raster.rows, raster.columns))
        guard let bytes = try? png(scale: scale) else { return nil }
        let place = SVG.attributes([
            ("x", frame.x), ("y", frame.y), ("width", frame.plot.size.width), ("height", frame.plot.size.height),
        ])
        return "<image \(place) preserveAspectRatio=\"none\" href=\"data:image/png;base64,"
            + Data(bytes).base64EncodedString() + "\"/>\n"
    }

    private func png(scale: Int) throws(ExportError) -> [UInt8] {
        let colours = colours.map { Palette.components(of: $0) ?? (0, 0, 0) }
        let (hidden, stroke) = (Self.components(style.hidden), Self.components(style.hiddenStroke))
        let sign = Self.components(style.colour(.warning))
        var picture: [UInt8] = []
        let sink = ByteSink { picture += $0 }
        let format = PNGWriter.Format(width: raster.columns * scale, height: raster.rows * scale, color: .rgba)
        try PNGWriter.write(format, to: sink) { y in
            let row = y / scale
            var bytes: [UInt8] = []
            bytes.reserveCapacity(raster.columns * scale * 4)
            for x in 0..<raster.columns * scale {
                let colour: Palette.Components
                switch raster.cells[row * raster.columns + x / scale] {
                case .nothing:
                    bytes += [0, 0, 0, 0]
                    continue
                case .level(let level): colour = colours[Self.index(level)]
                // Strokes at eight dots' distance, so that what is hidden is not told by its colour alone.
                case .hidden: colour = (x + y) % 8 == 0 ? stroke : hidden
                case .differing: colour = sign
                }
                bytes += [colour.red, colour.green, colour.blue, 255]
            }
            return bytes
        }
        try sink.flush()
        return picture
    }

    private static func components(_ css: String) -> Palette.Components {
        let value = UInt32(css.dropFirst(), radix: 16) ?? 0
        return (UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
    }
}
