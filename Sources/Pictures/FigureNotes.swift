import RopewalkCellGrid
import RopewalkViews

/// What stands below the plots: what colours mean, the names of the lines with their numbers, remarks, and the caption.
struct FigureNotes {
    let text: String
    let height: Double

    init(_ figure: Figure, style: FigureStyle, x: Double, y: Double, width: Double) {
        var writer = NotesWriter(style: style, x: x, width: width, y: y)
        for swatch in figure.swatches { writer.write(swatch) }
        if let legend = figure.legend { writer.write(legend) }
        for remark in figure.remarks { writer.write(remark, ink: style.ink) }
        if !figure.facts.isEmpty { writer.write(figure.facts.joined(separator: "\u{A0}· "), ink: style.dim) }
        text = writer.text
        height = writer.y - y
    }
}

private struct NotesWriter {
    let style: FigureStyle
    let x: Double
    let width: Double
    var y: Double
    var text = ""

    private static let line = 15.0
    private static let size = FigureStyle.smallSize
    private static let numberGap = 12.0

    mutating func write(_ words: String, ink: String) {
        y += 3
        for line in FigureText.wrapped(words, size: Self.size, width: width) {
            y += Self.line
            text += SVG.text(line, x: x, y: y - 3, SVG.Font(size: Self.size, ink: ink))
        }
    }

    mutating func write(_ swatch: FigureSwatch) {
        y += Self.line + 1
        let isHidden = swatch.cell == .hidden
        text += SVG.rectangle(
            x: x, y: y - 12, width: 22, height: 10, fill: isHidden ? style.hidden : style.colour(.warning))
        if isHidden {
            for stroke in 0..<3 {
                let left = x + 2 + Double(stroke) * 7
                text += SVG.line(left, y - 3, left + 6, y - 11, stroke: style.hiddenStroke)
            }
        }
        text += SVG.text(swatch.title, x: x + 28, y: y - 3, SVG.Font(size: Self.size, ink: style.ink))
    }

    /// Each line with its sign and its numbers, which end in columns.
    mutating func write(_ legend: FigureLegend) {
        guard !legend.entries.isEmpty else { return }
        let widths = legend.columns.indices.map { column in
            ([legend.columns[column]]
                + legend.entries.compactMap { $0.numbers.count > column ? $0.numbers[column] : nil })
                .map { FigureText.width($0, size: Self.size) }.max() ?? 0
        }
        let numbers = widths.reduce(0) { $0 + $1 + Self.numberGap }
        let names = width - 34 - numbers
        y += Self.line
        if !legend.columns.isEmpty {
            numbersOf(legend.columns, widths, ink: style.dim)
            y += Self.line
        }
        for entry in legend.entries { write(entry, names: max(60, names), widths) }
        y -= Self.line - 2
    }

    private mutating func write(_ entry: FigureLegend.Entry, names: Double, _ widths: [Double]) {
        let middle = y - 4 - Self.size * 0.35 + 1
        let dashes = FigureStyle.dashes(entry.series)
        text += SVG.line(
            x, middle, x + 28, middle, stroke: style.colour(.series(entry.series)), width: entry.isStrong ? 2.4 : 1.6,
            dashes: dashes)
        text += style.sign(entry.series, x: x + 14, y: middle)
        numbersOf(entry.numbers, widths, ink: style.ink)
        let size = Self.size * (entry.isStrong ? 1.12 : 1)
        for line in FigureText.wrapped(entry.title, size: size, width: names) {
            text += SVG.text(
                line, x: x + 34, y: y - 4, SVG.Font(size: Self.size, ink: style.ink, isBold: entry.isStrong))
            y += Self.line
        }
    }

    private mutating func numbersOf(_ numbers: [String], _ widths: [Double], ink: String) {
        var end = x + width - widths.dropFirst().reduce(0) { $0 + $1 + Self.numberGap }
        for (index, number) in numbers.enumerated() where widths.indices.contains(index) {
            text += SVG.text(number, x: end, y: y - 4, SVG.Font(size: Self.size, ink: ink, anchor: .end))
            if index + 1 < widths.count { end += widths[index + 1] + Self.numberGap }
        }
    }
}
