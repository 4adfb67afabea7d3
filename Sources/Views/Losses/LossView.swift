import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// What several ways of reading lose by position, past the trained window too.
package struct LossView: Sendable {
    /// What positions count.
    package enum Unit: Sendable { case tokens, bytes }

    package struct Line: Sendable {
        package let title: String
        /// Tokens, or the bytes that they have in the mean, of the window that its model was trained on.
        package let window: Int
        /// Nil while it is not measured.
        package let loss: LossByPosition?
        /// What stands in place of numbers: "waiting", "63 %".
        package let note: String
        /// Why it cannot be measured; nil where it can.
        package let problem: String?
        /// Whether it is the one that the other panels show.
        package let isCurrent: Bool

        package init(
            title: String, window: Int, loss: LossByPosition?, note: String = "", problem: String? = nil,
            isCurrent: Bool = false
        ) {
            self.problem = problem
            self.title = title
            self.window = window
            self.loss = loss
            self.note = note
            self.isCurrent = isCurrent
        }
    }

    package let lines: [Line]
    /// Tokens or bytes of a text, and how many texts the means are over.
    package let tokens: Int
    package let texts: Int
    package let isLogarithmic: Bool
    package let unit: Unit
    /// What a reader has to know of the methods that are measured, the longest wording first; empty: nothing.
    package let remark: [String]
    package let look: Look

    package init(
        lines: [Line], tokens: Int, texts: Int, isLogarithmic: Bool, unit: Unit = .tokens, remark: [String] = [],
        look: Look
    ) {
        self.lines = lines
        self.tokens = tokens
        self.texts = texts
        self.isLogarithmic = isLogarithmic
        self.unit = unit
        self.remark = remark
        self.look = look
    }

    /// Why nothing of the text can be measured; nil where something can.
    package var obstacle: String? {
        tokens > 1 || unit == .bytes
            ? nil : say("There is nothing to predict: a loss takes a text of two tokens or more.")
    }

    /// What stands in the upper border.
    package var facts: String {
        let what = unit == .tokens ? say("mean loss in nats by position") : say("mean loss in nats per byte, by byte")
        return "\(what) · \(isLogarithmic ? say("log") : say("linear"))"
    }

    /// The same, the longest wording first.
    package var factWordings: [String] {
        let scale = isLogarithmic ? say("log") : say("linear")
        return [
            facts, say("loss in nats\(unit == .tokens ? "" : say(" per byte")) · \(scale)"), say("nats · \(scale)"),
            say("nats"),
        ]
    }

    /// What stands in the lower border.
    package var footer: String {
        let read = tokens.grouped + (unit == .tokens ? say(" tokens") : say(" bytes"))
        let how = unit == .tokens ? say("exact runs") : say("other tokens, same bytes · exact runs")
        return texts > 1 ? say("mean of \(texts) excerpts of \(read) · \(how)") : say("first \(read) · \(how)")
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        let measured = lines.filter { $0.loss != nil }
        let legend = self.legend
        let height = legend.height(in: rect)
        let chart = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - height)
        if measured.isEmpty {
            let problems = lines.compactMap(\.problem)
            let isOver = !problems.isEmpty && problems.count == lines.count
            let waiting = obstacle ?? say("The methods are being measured on this text.")
            let text = isOver ? problems[0] : waiting
            grid.writeNotice(text, in: chart, style: isOver ? look.theme.warning : look.theme.dim)
        } else {
            self.chart.draw(in: chart, on: &grid)
        }
        legend.draw(in: Rect(x: rect.x, y: chart.maxY, width: rect.width, height: height), on: &grid)
    }

    private func ink(_ index: Int) -> SeriesInk { .ink(index, look: look, isStrong: lines[index].isCurrent) }

    var legend: ChartLegend {
        let window = lines.first.map { Figures.short($0.window) } ?? ""
        let isShared = lines.allSatisfy { $0.window == lines.first?.window }
        return ChartLegend(
            columns: isShared ? ["≤ \(window)", "> \(window)"] : [say("inside"), say("past")],
            entries: lines.enumerated().map { index, line in
                let numbers = line.loss.map { loss in
                    [
                        loss.mean(over: 0..<line.window),
                        loss.mean(over: line.window..<max(line.window, loss.means.count)),
                    ]
                    .map { $0.map { Figures.fixed($0, 3) } ?? "–" }
                }
                return ChartLegend.Entry(
                    ink: ink(index), title: line.title, numbers: numbers ?? [line.note], isStrong: line.isCurrent)
            }, remarks: (remark.isEmpty ? [] : [remark]) + covered, look: look)
    }

    /// Lines that lie on others as far as three decimals tell.
    private var covered: [[String]] {
        let lines = lines.map { line in line.loss.map { points($0) } ?? [] }
        let names = CoveredLines.names(self.lines.map(\.title))
        let words = CoveredLines.words(lines, names: names, tolerance: 5e-4).joined(separator: "; ")
        return words.isEmpty ? [] : [[words + say(" to 0.001"), words]]
    }

    var chart: LineChart {
        let binned = lines.map { line in line.loss.map { points($0) } ?? [] }
        let values = binned.joined().map(\.y).filter(\.isFinite)
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let air = max(0.05, (high - low) * 0.05)
        let order = lines.indices.sorted { !lines[$0].isCurrent && lines[$1].isCurrent }
        return LineChart(
            x: ChartAxis(
                isLogarithmic ? 1...Double(max(2, tokens)) : 0...Double(max(1, tokens)), isLogarithmic: isLogarithmic),
            y: ChartAxis(max(0, low - air)...high + air),
            series: order.map { LineChart.Series(points: binned[$0], ink: ink($0)) },
            verticals: Set(lines.map(\.window)).filter { $0 < tokens }.sorted().map {
                LineChart.Mark(value: Double($0), label: say("trained on \(unit == .tokens ? "" : "≈ ")\($0.grouped)"))
            }, xText: { Figures.short(Int($0.rounded())) }, yText: { Figures.fixed($0, unit == .tokens ? 1 : 2) },
            look: look)
    }

    /// Means over stretches of positions, because the loss of a single token says little.
    private func points(_ loss: LossByPosition) -> [LineChart.Point] {
        let count = loss.means.count
        var points: [LineChart.Point] = []
        var start = 0
        while start < count {
            let width = isLogarithmic ? max(4, start / 4) : max(16, (count + 31) / 32)
            let places = start..<min(count, start + width)
            // A short rest would stand out by chance.
            if places.count * 2 >= width, let mean = loss.mean(over: places) {
                points.append(LineChart.Point(x: Double(places.lowerBound + places.upperBound + 1) / 2, y: mean))
            }
            start = places.upperBound
        }
        return points
    }
}
