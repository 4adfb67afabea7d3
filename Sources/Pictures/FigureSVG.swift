import RopewalkCellGrid
import RopewalkViews

/// A figure as a vector picture (SVG) that needs no other file: for a page on white paper, for a slide on dark.
package struct FigureSVG {
    let figure: Figure
    let style: FigureStyle
    let frames: [PlotFrame]
    private let rows: [(y: Double, height: Double)]
    /// Of the picture, in CSS pixels.
    package let width: Double

    static let margin = 12.0
    private static let gap = 14.0
    private static let narrowest = 380.0

    package init(_ figure: Figure, ground: Ground) {
        self.figure = figure
        style = FigureStyle(ground)
        let rows = stride(from: 0, to: figure.plots.count, by: figure.columns).map {
            figure.plots[$0..<min($0 + figure.columns, figure.plots.count)].map { PlotFrame($0) }
        }
        let widths = rows.map { row in row.reduce(0) { $0 + $1.width } + Self.gap * Double(row.count - 1) }
        let inner = max(Self.narrowest, widths.max() ?? 0)
        width = (inner + 2 * Self.margin).rounded(.up)
        var y = Self.margin + Self.height(Self.title(figure, width: inner), Self.titleLine)
        var frames: [PlotFrame] = []
        var places: [(y: Double, height: Double)] = []
        for (row, plots) in rows.enumerated() {
            let height = plots.map(\.height).max() ?? 0
            // Plots of one row stand on one line at their tops, the row in the middle.
            let top = plots.map(\.top).max() ?? 0
            var x = Self.margin + (inner - widths[row]) / 2
            for plot in plots {
                frames.append(plot.at(x: x + plot.left, y: y + top))
                x += plot.width + Self.gap
            }
            places.append((y, height + top - (plots.map(\.top).min() ?? 0)))
            y += (places.last?.height ?? 0) + 6
        }
        self.frames = frames
        self.rows = places
    }

    /// Of the picture, in CSS pixels.
    package var height: Double { (bottom + notes.height + Self.margin).rounded(.up) }

    package var text: String {
        let (width, height) = (SVG.number(width), SVG.number(height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" font-family="\(FigureText.fonts)">
            <title>\(GridPage.escaped(Printable.text(name)))</title>
            <rect width="\(width)" height="\(height)" fill="\(style.paper)"/>
            \(body)</svg>

            """
    }

    /// What it shows, and of what.
    package var name: String { ([figure.title] + figure.facts).joined(separator: " · ") }

    private var bottom: Double { rows.last.map { $0.y + $0.height + 4 } ?? Self.margin }

    private var notes: FigureNotes {
        FigureNotes(figure, style: style, x: Self.margin, y: bottom, width: width - 2 * Self.margin)
    }

    private var body: String {
        let inner = width - 2 * Self.margin
        var text = ""
        for (index, line) in Self.title(figure, width: inner).enumerated() {
            text += SVG.text(
                line, x: Self.margin, y: Self.margin + Double(index) * Self.titleLine + 12,
                SVG.Font(size: FigureStyle.titleSize, ink: style.ink, isBold: true))
        }
        for frame in frames { text += PlotSVG(frame: frame, style: style, map: figure.map).text }
        return text + notes.text
    }

    private static let titleLine = 19.0

    private static func title(_ figure: Figure, width: Double) -> [String] {
        // Bold letters are wider.
        FigureText.wrapped(figure.title, size: FigureStyle.titleSize * 1.12, width: width)
    }

    private static func height(_ lines: [String], _ line: Double) -> Double { Double(lines.count) * line + 4 }
}
