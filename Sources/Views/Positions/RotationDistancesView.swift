import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

/// One subspace over all distances from the cursor: how far each method turns it, and which distances it shows angles at
/// that training never did.
package struct RotationDistancesView: Sendable {
    package let methods: [EncodedMethod]
    package let subspace: Int
    /// The cursor.
    package let query: Int
    package let key: Int?
    package let look: Look

    package init(methods: [EncodedMethod], subspace: Int, query: Int, key: Int?, look: Look) {
        self.methods = methods
        self.subspace = subspace
        self.query = query
        self.key = key
        self.look = look
    }

    /// What stands in the upper border.
    package var facts: String { say("subspace \(subspace) · turns by distance") }

    /// What stands in the lower border.
    package var footer: String { say("! unseen in training · + turned further") }

    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        guard !turning.isEmpty else {
            return grid.writeNotice(say("This model turns nothing in that subspace."), in: rect, style: look.theme.dim)
        }
        guard query > 0 else {
            return grid.writeNotice(say("The first token has no distances before it."), in: rect, style: look.theme.dim)
        }
        let (turning, inks) = (turning, inks)
        let strips = min(turning.count, max(0, rect.height / 2 - 1))
        let chart = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - strips)
        self.chart(turning, inks).draw(in: chart, on: &grid)
        let kept = Set(turning.indices.sorted { turning[$0].isCurrent && !turning[$1].isCurrent }.prefix(strips))
        for (row, index) in turning.indices.filter(kept.contains).enumerated() {
            drawStrip(turning[index], inks[index], y: chart.maxY + row, rect, on: &grid)
        }
    }

    private func turns(_ method: EncodedMethod, distance: Int) -> Double {
        method.encoding.angle(subspace, query: query, key: query - distance) / (2 * .pi)
    }

    /// The methods that turn the subspace.
    var turning: [EncodedMethod] { methods.filter { $0.subspaces > subspace } }

    var inks: [SeriesInk] {
        turning.enumerated().map { SeriesInk.ink($0, look: look, isStrong: $1.isCurrent) }
    }

    func chart(_ methods: [EncodedMethod], _ inks: [SeriesInk]) -> LineChart {
        let samples = 256
        let distances = Set((0...samples).map { query * $0 / samples }).sorted()
        let lines = methods.map { method in
            distances.map { LineChart.Point(x: Double($0), y: turns(method, distance: $0)) }
        }
        let trained = methods[0].trained
        let familiar = trained.maximumAngle(subspace) / (2 * .pi)
        let highest = max(familiar * 1.2, lines.joined().map(\.y).filter(\.isFinite).max() ?? 1)
        let decimals = highest < 1 ? 3 : highest < 100 ? 2 : 0
        let order = methods.indices.sorted { !methods[$0].isCurrent && methods[$1].isCurrent }
        var marks = [LineChart.Mark(value: Double(trained.window), label: say("window \(trained.window.grouped)"))]
        if let key, key <= query { marks.append(LineChart.Mark(value: Double(query - key), label: say("anchor"))) }
        return LineChart(
            x: ChartAxis(0...Double(query)), y: ChartAxis(0...highest),
            series: order.map { LineChart.Series(points: lines[$0], ink: inks[$0]) }, verticals: marks,
            horizontals: [LineChart.Mark(value: familiar, label: say("furthest in training"))],
            xText: { Figures.short(Int($0.rounded())) }, yText: { Figures.fixed($0, decimals) }, look: look)
    }

    /// A method's name and, under the chart's distances, where its angles are unseen.
    private func drawStrip(_ method: EncodedMethod, _ ink: SeriesInk, y: Int, _ rect: Rect, on grid: inout Grid) {
        let theme = look.theme
        let name = min(24, max(8, rect.width / 3))
        grid.write(ink.mark(among: turning.count), x: rect.x, y: y, style: ink.style, in: rect)
        grid.writeTruncated(
            method.title, x: rect.x + 2, y: y, width: name - 3, style: method.isCurrent ? theme.title : theme.text,
            in: rect)
        let cells = rect.width - name
        guard cells > 0 else { return }
        for cell in 0..<cells {
            let distance = query * cell / max(1, cells - 1)
            let angle = method.encoding.angle(subspace, query: query, key: query - distance)
            let familiarity = Familiarity(method.trained, subspace: subspace, angle: angle)
            let style: Style
            let text: String
            switch familiarity {
            case .seen: (text, style) = ("━", theme.good)
            case .turnedFurther: (text, style) = ("+", theme.dim)
            case .unseen: (text, style) = ("!", theme.error)
            }
            grid.write(text, x: rect.x + name + cell, y: y, style: style, in: rect)
        }
    }
}
