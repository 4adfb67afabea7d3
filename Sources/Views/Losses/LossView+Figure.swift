import RopewalkLens

extension LossView {
    /// For a page; nil while nothing is measured.
    package var figure: Figure? {
        guard lines.contains(where: { $0.loss != nil }) else { return nil }
        let isTokens = unit == .tokens
        let missing = lines.filter { $0.loss == nil }.map { "\($0.title): \($0.problem ?? $0.note)" }
        return chart.figure(
            title: isTokens ? "Mean loss by position" : "Mean loss per byte",
            xTitle: (isTokens ? "position (tokens)" : "position (bytes)") + (isLogarithmic ? ", logarithmic" : ""),
            yTitle: isTokens ? "loss (nats)" : "loss (nats per byte)", legend: legend,
            remarks: ["Means over stretches of positions; \(footer)."]
                + (missing.isEmpty ? [] : ["Not measured: " + missing.joined(separator: "; ") + "."]))
    }
}
