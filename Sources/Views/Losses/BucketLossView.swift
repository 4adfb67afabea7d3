import Foundation
import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkPhrases

/// What several ways of reading lose by position in texts of any lengths, or with ever more context.
package struct BucketLossView {
    package struct Line {
        package let title: String
        package let buckets: LossBuckets
        package let curve: ContextCurve

        package init(title: String, buckets: LossBuckets, curve: ContextCurve = ContextCurve(points: [])) {
            (self.title, self.buckets, self.curve) = (title, buckets, curve)
        }
    }

    private let lines: [Line]
    /// How the texts are read: "windows of 512 tokens, stride 256".
    private let reading: String
    private let look: Look

    package init(lines: [Line], reading: String, look: Look) {
        (self.lines, self.reading, self.look) = (lines, reading, look)
    }

    /// Mean loss by position; nil where no bucket has a loss.
    package var positions: Figure? {
        figure(
            title: say("Loss by position"), xTitle: say("position (tokens)"), isLogarithmic: false,
            points: lines.map { line in
                line.buckets.sums.indices.compactMap { bucket in
                    let places = line.buckets.positions(bucket)
                    return line.buckets.sums[bucket].mean.map {
                        LineChart.Point(x: Double(places.lowerBound + places.upperBound) / 2, y: $0)
                    }
                }
            }, column: say("mean"), numbers: lines.map { $0.buckets.all.mean.map { Figures.fixed($0, 3) } },
            remark: say("Means over buckets of positions; \(reading)."))
    }

    /// Mean loss by context; nil where there are not two contexts.
    package var contexts: Figure? {
        figure(
            title: say("Loss by context"), xTitle: say("context (tokens), logarithmic"), isLogarithmic: true,
            points: lines.map { line in
                line.curve.points.compactMap { point in
                    point.loss.mean.map { LineChart.Point(x: Double(point.context), y: $0) }
                }
            }, column: say("enough"), numbers: lines.map { $0.curve.enoughWords { Figures.fixed(Double($0), 0) } },
            remark: say(
                "The same tokens, read in windows of so many tokens; enough: no longer one is better by 0.01 nats.")
                + (lines.map(\.curve).contains { $0.enough() != nil && !$0.isEnoughKnown() }
                    ? " " + say("≥: the longest that was asked for; nobody knows whether it is enough.") : ""))
    }

    private func figure(
        title: String, xTitle: String, isLogarithmic: Bool, points: [[LineChart.Point]], column: String,
        numbers: [String?], remark: String
    ) -> Figure? {
        let all = points.joined()
        guard points.contains(where: { $0.count > 1 }), let low = all.map(\.x).min(), let high = all.map(\.x).max()
        else {
            return nil
        }
        let losses = all.map(\.y).filter(\.isFinite)
        let (least, most) = (losses.min() ?? 0, losses.max() ?? 1)
        let air = max(0.05, (most - least) * 0.05)
        let chart = LineChart(
            x: ChartAxis((isLogarithmic ? low : 0)...high, isLogarithmic: isLogarithmic),
            y: ChartAxis(max(0, least - air)...most + air),
            series: points.enumerated().map { LineChart.Series(points: $1, ink: .ink($0, look: look)) },
            xText: { Figures.short(Int($0.rounded())) }, yText: { Figures.fixed($0, 1) }, look: look)
        let legend = ChartLegend(
            columns: [column],
            entries: zip(lines, numbers).enumerated().map { index, pair in
                ChartLegend.Entry(
                    ink: .ink(index, look: look), title: pair.0.title,
                    numbers: [pair.1 ?? "–"], isStrong: false)
            }, look: look)
        return chart.figure(
            title: title, xTitle: xTitle, yTitle: say("loss (nats)"), legend: legend, remarks: [remark])
    }
}

extension ContextCurve {
    /// The shortest context that is enough; "≥ 512" where that is the longest one that was tried. Nil where nothing was measured.
    package func enoughWords(_ number: (Int) -> String) -> String? {
        enough().map { (isEnoughKnown() ? "" : "≥ ") + number($0) }
    }
}
