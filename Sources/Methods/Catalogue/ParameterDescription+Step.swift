import Foundation

extension ParameterDescription {
    /// The next sensible value up (`direction` 1) or down (-1), within the range; the same where there is none.
    ///
    /// Counts from 16 on go by powers of two, smaller ones by 1, real numbers by about a quarter.
    package func stepped(_ value: Double, _ direction: Int) -> Double {
        let isUp = direction > 0
        let next = isInteger ? steppedCount(value, isUp) : steppedNumber(value, isUp)
        return min(max(next, range.lowerBound), range.upperBound)
    }

    /// Whether it counts something large, or is large where it is not left to the model (0).
    private var doubles: Bool { defaultValue >= 16 || defaultValue == 0 && range.upperBound > 1_000_000 }

    private func steppedCount(_ value: Double, _ isUp: Bool) -> Double {
        guard doubles else { return value + (isUp ? 1 : -1) }
        // Between 0, which stands for the model's own number, and 16 nobody wants anything.
        if defaultValue == 0, value < (isUp ? 16 : 17) { return isUp ? 16 : 0 }
        guard value >= 1 else { return isUp ? 1 : 0 }
        let below = exp2(log2(value).rounded(.down))
        if isUp { return below * 2 }
        return below < value ? below : (below / 2).rounded(.down)
    }

    /// Steps of a decade, each about a quarter higher than the one before.
    private static let ladder = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

    private func steppedNumber(_ value: Double, _ isUp: Bool) -> Double {
        guard value > 0 else { return isUp ? 1 : value - 1 }
        let decade = pow(10, log10(value * (1 + 1e-9)).rounded(.down))
        let part = value / decade
        if isUp { return (Self.ladder.first { $0 > part * (1 + 1e-6) } ?? 10) * decade }
        if let below = Self.ladder.last(where: { $0 < part * (1 - 1e-6) }) { return below * decade }
        // Below a tenth a number that may be 0 is left to the method.
        return decade <= 0.1 && range.lowerBound == 0 ? 0 : 0.8 * decade
    }
}
