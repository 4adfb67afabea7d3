import Foundation

/// One axis of a chart.
struct ChartAxis {
    let range: ClosedRange<Double>
    let isLogarithmic: Bool

    /// - Parameter range: For a logarithmic axis both ends above 0.
    init(_ range: ClosedRange<Double>, isLogarithmic: Bool = false) {
        let isSensible = range.lowerBound.isFinite && range.upperBound.isFinite
        let bounds = isSensible ? range : 0...1
        self.isLogarithmic = isLogarithmic && bounds.lowerBound > 0
        // An axis needs a length.
        self.range =
            bounds.upperBound > bounds.lowerBound ? bounds : bounds.lowerBound...bounds.lowerBound.nextUp + 1e-9
    }

    /// Where a value stands, 0 to 1 within the range; nil for what is no number there.
    func place(_ value: Double) -> Double? {
        guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
        let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
        return (scaled(value) - low) / (high - low)
    }

    /// The value at a place from 0 to 1.
    func value(at place: Double) -> Double {
        let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
        let scaled = low + place * (high - low)
        return isLogarithmic ? exp(scaled) : scaled
    }

    private func scaled(_ value: Double) -> Double { isLogarithmic ? log(value) : value }

    /// About `count` round values; powers of ten on a logarithmic axis.
    func ticks(_ count: Int) -> [Double] {
        if isLogarithmic {
            let powers = (-12...12).map { pow(10, Double($0)) }.filter(range.contains)
            let every = max(1, (powers.count + max(1, count) - 1) / max(1, count))
            return stride(from: 0, to: powers.count, by: every).map { powers[$0] }
        }
        let span = range.upperBound - range.lowerBound
        let raw = span / Double(max(1, count))
        let unit = pow(10, floor(log10(raw)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= raw * 0.999 } ?? raw
        guard step > 0, span / step < 1000 else { return [] }
        let first = (range.lowerBound / step).rounded(.up)
        return stride(from: first, through: (range.upperBound / step + 1e-9).rounded(.down), by: 1).map { $0 * step }
    }
}
