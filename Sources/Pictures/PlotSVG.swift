import RopewalkCellGrid
import RopewalkViews

/// One plot of a figure: raster, axes, marks, scale of colours.
struct PlotSVG {
    let frame: PlotFrame
    let style: FigureStyle
    let map: ColourMap

    private var plot: FigurePlot { frame.plot }
    private var small: SVG.Font { SVG.Font(size: FigureStyle.smallSize, ink: style.ink) }

    var text: String {
        title + grid + (plot.raster.map { RasterSVG(raster: $0, frame: frame, style: style, map: map).text } ?? "")
            + MarksSVG(frame: frame, style: style).text + edges + columnAxis + rowAxis
            + (plot.bar.map(bar) ?? "")
    }

    private var title: String {
        guard !plot.title.isEmpty else { return "" }
        return SVG.text(
            FigureText.cut(plot.title, size: FigureStyle.textSize, width: plot.size.width + frame.right),
            x: frame.x, y: frame.y - 7, SVG.Font(size: FigureStyle.textSize, ink: style.ink))
    }

    private var edges: String {
        SVG.rectangle(
            x: frame.x, y: frame.y, width: plot.size.width, height: plot.size.height, fill: "none",
            more: "stroke=\"\(style.dim)\" stroke-width=\"1\"")
    }

    private var grid: String {
        let columns = plot.x.hasGrid ? plot.x.ticks.compactMap { frame.across($0.value) } : []
        let rows = plot.y.hasGrid ? plot.y.ticks.compactMap { frame.down($0.value) } : []
        return columns.map { SVG.line($0, frame.y, $0, frame.maxY, stroke: style.grid) }.joined()
            + rows.map { SVG.line(frame.x, $0, frame.maxX, $0, stroke: style.grid) }.joined()
    }

    private var columnAxis: String {
        var text = ""
        var font = small
        font.anchor = plot.x.hasWords ? .end : .middle
        font.turned = plot.x.hasWords ? -90 : 0
        var free = -Double.infinity
        for tick in plot.x.ticks {
            guard let x = frame.across(tick.value) else { continue }
            let half = FigureText.width(tick.text, size: font.size) / 2
            text += SVG.line(x, frame.maxY, x, frame.maxY + PlotFrame.tick, stroke: style.dim)
            // Ticks nearer than their numbers are wide have no numbers; words stand upright.
            guard plot.x.hasWords || x - half >= free else { continue }
            free = x + half + 6
            text += SVG.text(
                tick.text, x: x + (plot.x.hasWords ? font.size * 0.35 : 0),
                y: frame.maxY + PlotFrame.tick + (plot.x.hasWords ? 3 : font.size + 1), font)
        }
        guard !plot.x.title.isEmpty else { return text }
        return text
            + SVG.text(
                plot.x.title, x: frame.x + plot.size.width / 2, y: frame.maxY + frame.bottom - 4,
                SVG.Font(size: FigureStyle.textSize, ink: style.ink, anchor: .middle))
    }

    private var rowAxis: String {
        var text = ""
        var font = small
        font.anchor = .end
        for tick in plot.y.ticks {
            guard let y = frame.down(tick.value) else { continue }
            text += SVG.line(frame.x - PlotFrame.tick, y, frame.x, y, stroke: style.dim)
            text += SVG.text(tick.text, x: frame.x - PlotFrame.tick - 3, y: y + font.size * 0.35, font)
        }
        guard !plot.y.title.isEmpty else { return text }
        return text + upright(plot.y.title, x: frame.x - frame.left + 11)
    }

    private func upright(_ title: String, x: Double) -> String {
        SVG.text(
            title, x: x, y: frame.y + plot.size.height / 2,
            SVG.Font(size: FigureStyle.textSize, ink: style.ink, anchor: .middle, turned: -90))
    }

    /// The scale of colours, beside the plot from its upper edge on.
    private func bar(_ bar: FigureBar) -> String {
        let (x, steps) = (frame.maxX + PlotFrame.barGap, 64)
        let colours = map.colours(count: steps, depth: .direct, ground: style.ground)
        let (height, bottom) = (frame.barHeight, frame.y + frame.barHeight)
        let step = height / Double(steps)
        var text = "<g shape-rendering=\"crispEdges\">\n"
        for (index, colour) in colours.enumerated() {
            text += SVG.rectangle(
                x: x, y: bottom - Double(index + 1) * step, width: PlotFrame.barWidth, height: step + 0.5,
                fill: RasterSVG.css(colour))
        }
        text += "</g>\n"
        text += SVG.rectangle(
            x: x, y: frame.y, width: PlotFrame.barWidth, height: height, fill: "none",
            more: "stroke=\"\(style.dim)\" stroke-width=\"1\"")
        let end = x + PlotFrame.barWidth
        for tick in bar.ticks where (0...1).contains(tick.value) {
            let y = bottom - tick.value * height
            text += SVG.line(end, y, end + PlotFrame.tick, y, stroke: style.dim)
            text += SVG.text(tick.text, x: end + PlotFrame.tick + 3, y: y + small.size * 0.35, small)
        }
        return text + (bar.title.isEmpty ? "" : upright(bar.title, x: frame.maxX + frame.right - 3))
    }
}
