import RopewalkCellGrid
import RopewalkViews

/// What stands between the axes of a plot: lines with their signs, bars, names.
struct MarksSVG {
    let frame: PlotFrame
    let style: FigureStyle

    private var plot: FigurePlot { frame.plot }

    var text: String {
        var inside = ""
        var lines: [(points: [[Place]], series: Int)] = []
        for mark in plot.marks {
            if case .line(let points, let series, let isStrong) = mark {
                let stretches = stretches(points)
                lines.append((stretches, series))
                inside += stretches.map { line($0, series, isStrong) }.joined()
            } else {
                inside += other(mark)
            }
        }
        for (index, line) in lines.enumerated() { inside += signs(line.points, line.series, index, of: lines.count) }
        guard !inside.isEmpty else { return "" }
        // What lies outside of the axes is not drawn: a picture of its own clips, and needs no name.
        let (width, height) = (plot.size.width, plot.size.height)
        let place = SVG.attributes([("x", frame.x), ("y", frame.y), ("width", width), ("height", height)])
        let box = [frame.x, frame.y, width, height].map(SVG.number).joined(separator: " ")
        return "<svg \(place) viewBox=\"\(box)\">\n\(inside)</svg>\n" + names
    }

    private typealias Place = (x: Double, y: Double)

    /// On the page; interrupted where a value is no number.
    private func stretches(_ points: [FigureMark.Point]) -> [[Place]] {
        var stretches: [[Place]] = [[]]
        for point in points {
            if let x = frame.across(point.x), let y = frame.down(point.y) {
                stretches[stretches.count - 1].append((x, y))
            } else if stretches.last?.isEmpty == false {
                stretches.append([])
            }
        }
        return stretches.filter { !$0.isEmpty }
    }

    private func line(_ points: [Place], _ series: Int, _ isStrong: Bool) -> String {
        let dashes = FigureStyle.dashes(series)
        return SVG.path(
            "M" + points.map { SVG.number($0.x) + " " + SVG.number($0.y) }.joined(separator: "L"),
            "fill=\"none\" stroke=\"\(style.colour(.series(series)))\" stroke-width=\"\(isStrong ? "2.4" : "1.6")\" "
                + "stroke-linejoin=\"round\"" + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""))
    }

    /// Signs of a line at even distances; of several lines at different places, so that those under others are seen.
    private func signs(_ stretches: [[Place]], _ series: Int, _ index: Int, of count: Int) -> String {
        let every = 5
        var text = ""
        for step in 0..<every {
            let share = (Double(step) + (Double(index) + 0.5) / Double(max(1, count))) / Double(every)
            let x = frame.x + share * plot.size.width
            if let y = stretches.lazy.compactMap({ Self.height($0, at: x) }).first, (frame.y...frame.maxY).contains(y) {
                text += style.sign(series, x: x, y: y)
            }
        }
        return text
    }

    private static func height(_ points: [Place], at x: Double) -> Double? {
        guard let after = points.firstIndex(where: { $0.x >= x }), after > 0 else { return nil }
        let (a, b) = (points[after - 1], points[after])
        return b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : b.y
    }

    private func other(_ mark: FigureMark) -> String {
        switch mark {
        case .line, .word: return ""
        case .across(let value, _):
            guard let y = frame.down(value) else { return "" }
            return SVG.line(frame.x, y, frame.maxX, y, stroke: style.dim, dashes: "4 3")
        case .down(let value, _):
            guard let x = frame.across(value) else { return "" }
            return SVG.line(x, frame.y, x, frame.maxY, stroke: style.dim, dashes: "4 3")
        case .bar(let row, let from, let to, let height, let ink): return bar(row, from, to, height, ink)
        case .dot(let point, let ink):
            guard let x = frame.across(point.x), let y = frame.down(point.y) else { return "" }
            return "<circle \(SVG.attributes([("cx", x), ("cy", y), ("r", 3)])) fill=\"\(style.colour(ink))\" "
                + "stroke=\"\(style.paper)\"/>\n"
        case .frame(let columns, let rows, let ink): return edge(columns, rows, ink)
        }
    }

    private func bar(_ row: Double, _ from: Double, _ to: Double, _ height: Double, _ ink: FigureInk) -> String {
        guard let start = frame.across(from), let end = frame.across(to), let upper = frame.down(row - height / 2),
            let lower = frame.down(row + height / 2)
        else { return "" }
        return SVG.rectangle(
            x: min(start, end), y: min(upper, lower), width: abs(end - start), height: abs(lower - upper),
            fill: style.colour(ink))
    }

    /// Twice, so that it is seen on every colour.
    private func edge(_ columns: ClosedRange<Double>, _ rows: ClosedRange<Double>, _ ink: FigureInk) -> String {
        guard let left = frame.across(columns.lowerBound), let right = frame.across(columns.upperBound),
            let first = frame.down(rows.lowerBound), let last = frame.down(rows.upperBound)
        else { return "" }
        func edge(_ air: Double, _ stroke: String, _ width: Int) -> String {
            SVG.rectangle(
                x: left - air, y: min(first, last) - air, width: right - left + 2 * air,
                height: abs(last - first) + 2 * air, fill: "none",
                more: "stroke=\"\(stroke)\" stroke-width=\"\(width)\"")
        }
        return edge(0.5, style.paper, 4) + edge(0.5, style.colour(ink), 2)
    }

    /// Names of rules and points: over everything else, on a ground of their own.
    private var names: String {
        var free: [Double] = []
        return plot.marks.map { mark in
            switch mark {
            case .across(let value, let title):
                guard !title.isEmpty, let y = frame.down(value), (frame.y...frame.maxY).contains(y) else { return "" }
                return name(title, x: frame.maxX - 4, y: y - 4 < frame.y + 10 ? y + 13 : y - 4, .end, style.dim)
            case .down(let value, let title):
                guard !title.isEmpty, let x = frame.across(value), (frame.x...frame.maxX).contains(x) else { return "" }
                // Names of lines that stand near to each other stand below each other.
                let line = Double(free.count { abs($0 - x) < FigureText.width(title, size: FigureStyle.smallSize) + 8 })
                free.append(x)
                let fits = x + 4 + FigureText.width(title, size: FigureStyle.smallSize) <= frame.maxX
                return name(
                    title, x: fits ? x + 4 : x - 4, y: frame.y + 12 + 13 * line, fits ? .start : .end, style.dim)
            case .word(let point, let text, let ink, let endsThere):
                guard let x = frame.across(point.x), let y = frame.down(point.y) else { return "" }
                return SVG.text(
                    text, x: x, y: y + FigureStyle.smallSize * 0.35,
                    SVG.Font(
                        size: FigureStyle.smallSize, ink: style.colour(ink), anchor: endsThere ? .end : .start))
            case .line, .bar, .dot, .frame: return ""
            }
        }.joined()
    }

    private func name(_ text: String, x: Double, y: Double, _ anchor: SVG.Anchor, _ ink: String) -> String {
        let size = FigureStyle.smallSize
        let shown = FigureText.cut(text, size: size, width: plot.size.width - 8)
        let width = FigureText.width(shown, size: size)
        let left = anchor == .end ? x - width : x
        return SVG.rectangle(
            x: left - 2, y: y - size + 1, width: width + 4, height: size + 2, fill: style.paper,
            more: "fill-opacity=\"0.8\"")
            + SVG.text(shown, x: x, y: y, SVG.Font(size: size, ink: ink, anchor: anchor))
    }
}
