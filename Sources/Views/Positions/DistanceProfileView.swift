import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// The mean weight that a head gives each distance, under the model's own attention and under the scenario.
package struct DistanceProfileView: Sendable {
    package struct Line: Sendable {
        package let title: String
        package let profile: DistanceProfile
        package let isCurrent: Bool

        package init(title: String, profile: DistanceProfile, isCurrent: Bool) {
            self.title = title
            self.profile = profile
            self.isCurrent = isCurrent
        }
    }

    package let lines: [Line]
    /// Tokens of the trained window.
    package let window: Int
    package let head: String
    package let look: Look

    package init(lines: [Line], window: Int, head: String, look: Look) {
        self.lines = lines
        self.window = window
        self.head = head
        self.look = look
    }

    /// What stands in the upper border.
    package var facts: String { say("\(head) · mean weight by distance") }

    /// What stands in the lower border.
    package var footer: String {
        guard let profile = lines.first?.profile else { return "" }
        let sampled = say("\(profile.queries.grouped) of \(profile.recorded.grouped) queries")
        return profile.queries < profile.recorded ? say("sampled: ") + sampled : sampled
    }

    package func draw(in rect: Rect, on grid: inout Grid) {
        guard let chart else {
            return grid.writeNotice(say("Nothing is measured yet."), in: rect, style: look.theme.dim)
        }
        let height = legend.height(in: rect)
        let area = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - height)
        chart.draw(in: area, on: &grid)
        legend.draw(in: Rect(x: rect.x, y: area.maxY, width: rect.width, height: height), on: &grid)
    }

    private var inks: [SeriesInk] {
        lines.enumerated().map { SeriesInk.ink($0, look: look, isStrong: $1.isCurrent) }
    }

    /// Nil before anything is measured.
    var chart: LineChart? {
        let inks = inks
        let points = lines.map { Self.points($0.profile) }
        let weights = points.joined().map(\.y)
        guard let highest = weights.max(), let lowest = weights.min(), highest > 0 else { return nil }
        let furthest = points.joined().map(\.x).max() ?? 2
        let order = lines.indices.sorted { !lines[$0].isCurrent && lines[$1].isCurrent }
        return LineChart(
            x: ChartAxis(1...max(2, furthest), isLogarithmic: true),
            y: ChartAxis(max(lowest, highest * 1e-8) / 1.5...min(1.5, highest * 1.5), isLogarithmic: true),
            series: order.map { LineChart.Series(points: points[$0], ink: inks[$0]) },
            verticals: [LineChart.Mark(value: Double(window), label: say("trained on \(window.grouped)"))],
            xText: { Figures.short(Int($0.rounded())) }, yText: Self.power, look: look)
    }

    /// A bucket at its middle; distance 0 has no place on a logarithmic axis.
    private static func points(_ profile: DistanceProfile) -> [LineChart.Point] {
        profile.buckets.compactMap { bucket in
            guard bucket.distances.lowerBound > 0, let weight = bucket.meanWeight, weight > 0 else { return nil }
            let middle = Double(bucket.distances.lowerBound + bucket.distances.upperBound - 1) / 2
            return LineChart.Point(x: middle, y: weight)
        }
    }

    private static func power(_ value: Double) -> String {
        if value >= 0.001 { return String(value) }
        let exponent = Int(floor(log10(value) + 1e-9))
        return String(Int((value / pow(10, Double(exponent))).rounded())) + "e" + String(exponent)
    }

    var legend: ChartLegend {
        ChartLegend(
            columns: [say("itself"), say("1 before"), "≥ \(Figures.short(window))"],
            entries: zip(lines, inks).map { line, ink in
                let buckets = line.profile.buckets
                func weight(_ index: Int) -> String {
                    buckets.indices.contains(index)
                        ? buckets[index].meanWeight.map { Figures.weight(Float($0)) } ?? "–" : "–"
                }
                let far = line.profile.meanWeight(from: window).map { Figures.weight(Float($0)) } ?? "–"
                let basis = line.profile.provenance.words
                return ChartLegend.Entry(
                    ink: ink, title: "\(line.title) · \(basis)", numbers: [weight(0), weight(1), far],
                    isStrong: line.isCurrent)
            }, look: look)
    }
}
