import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

/// How far apart each method takes the cursor and earlier tokens to be.
package struct DistanceCurveView: Sendable {
    package let methods: [EncodedMethod]
    package let query: Int
    package let key: Int?
    package let look: Look

    package init(methods: [EncodedMethod], query: Int, key: Int?, look: Look) {
        self.methods = methods
        self.query = query
        self.key = key
        self.look = look
    }

    /// What stands in the upper border.
    package var facts: String { say("effective distance g over true distance") }

    /// Where the title leaves less room.
    package var shortFacts: String { say("effective distance g") }

    /// What stands in the lower border, the longest wording first.
    package var footers: [String] {
        let start = say("from token \(query.grouped)")
        return [say("\(start) · in tokens of the training"), say("\(start) · in tokens"), start]
    }

    package var footer: String { footers[0] }

    package func draw(in rect: Rect, on grid: inout Grid) {
        guard !methods.isEmpty, query > 0 else {
            let why =
                methods.isEmpty ? say("This model has no rotary positions.") : say("The first token has no distances.")
            return grid.writeNotice(why, in: rect, style: look.theme.dim)
        }
        let lines = lines
        let legend = legend(inks, lines)
        let height = legend.height(in: rect)
        let chartRect = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - height)
        chart(inks, lines).draw(in: chartRect, on: &grid)
        legend.draw(in: Rect(x: rect.x, y: chartRect.maxY, width: rect.width, height: height), on: &grid)
    }

    var inks: [SeriesInk] {
        methods.enumerated().map { SeriesInk.ink($0, look: look, isStrong: $1.isCurrent) }
    }

    /// Of every method.
    var lines: [[LineChart.Point]] {
        let samples = 512
        let distances = Set((0...samples).map { query * $0 / samples }).sorted()
        return methods.map { method in
            zip(distances, method.encoding.distanceCurve(query: query, distances: distances)).map {
                LineChart.Point(x: Double($0), y: $1)
            }
        }
    }

    func chart(_ inks: [SeriesInk], _ lines: [[LineChart.Point]]) -> LineChart {
        let window = methods[0].trained.window
        let highest = 1.1 * (lines.joined().map(\.y).filter(\.isFinite).max() ?? 1)
        let order = methods.indices.sorted { !methods[$0].isCurrent && methods[$1].isCurrent }
        var marks: [LineChart.Mark] = []
        if let key, key <= query { marks.append(LineChart.Mark(value: Double(query - key), label: say("anchor"))) }
        return LineChart(
            x: ChartAxis(0...Double(query)), y: ChartAxis(0...highest),
            series: order.map { LineChart.Series(points: lines[$0], ink: inks[$0]) }, verticals: marks,
            horizontals: [LineChart.Mark(value: Double(window - 1), label: say("furthest in training"))],
            xText: { Figures.short(Int($0.rounded())) }, yText: { Figures.short(Int($0.rounded())) }, look: look)
    }

    func legend(_ inks: [SeriesInk], _ lines: [[LineChart.Point]]) -> ChartLegend {
        let columns = [say("g(anchor)"), say("furthest"), say("slowest")]
        let names = CoveredLines.names(methods.map(\.title))
        let covered = CoveredLines.words(lines, names: names, tolerance: 1e-3)
        return ChartLegend(
            columns: columns,
            entries: zip(methods, inks).map { method, ink in
                let near = key.flatMap { $0 <= query ? method.encoding.effectiveDistance(query: query, key: $0) : nil }
                let far = method.encoding.effectiveDistance(query: query, key: 0)
                return ChartLegend.Entry(
                    ink: ink, title: method.title,
                    numbers: [near.map(Self.tokens) ?? "–", Self.tokens(far), slowing(method)],
                    isStrong: method.isCurrent)
            }, remarks: covered.isEmpty ? [] : [[covered.joined(separator: "; ")]],
            explanation: Self.explanation, look: look)
    }

    private static var explanation: [String] {
        [
            say("g: the distance that counts; furthest: its largest; slowest: how much the slowest pair is slowed"),
            say("slowest: how much the slowest pair is slowed"),
        ]
    }

    private static func tokens(_ value: Double) -> String { Figures.fixed(value, value == value.rounded() ? 0 : 1) }

    /// By how much the slowest subspace is slowed down: what methods change that move no token.
    private func slowing(_ method: EncodedMethod) -> String {
        guard let now = method.encoding.pieces[0].queries.inverseFrequencies.last,
            let trained = method.trained.inverseFrequencies.last, trained > 0
        else { return "–" }
        return now > 0 ? "÷" + Figures.fixed(trained / now, trained / now < 10 ? 2 : 0) : say("still")
    }
}
