import RopewalkLens
import RopewalkPhrases

extension LossView {
    /// For a page; nil while nothing is measured.
    package var figure: Figure? {
        guard lines.contains(where: { $0.loss != nil }) else { return nil }
        let isTokens = unit == .tokens
        let missing = lines.filter { $0.loss == nil }.map { "\($0.title): \($0.problem ?? $0.note)" }
        return chart.figure(
            title: isTokens ? say("Mean loss by position") : say("Mean loss per byte"),
            xTitle: isTokens
                ? (isLogarithmic ? say("position (tokens), logarithmic") : say("position (tokens)"))
                : (isLogarithmic ? say("position (bytes), logarithmic") : say("position (bytes)")),
            yTitle: isTokens ? say("loss (nats)") : say("loss (nats per byte)"), legend: legend,
            remarks: [say("Means over stretches of positions; \(footer).")]
                + (chart.series.allSatisfy(\.points.isEmpty) ? [say("Too few tokens for a curve.")] : [])
                + (missing.isEmpty ? [] : [say("Not measured: \(missing.joined(separator: "; ")).")]))
    }
}
