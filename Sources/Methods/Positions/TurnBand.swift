import Foundation

/// The subspaces between two numbers of turns in a window, counted by index as the YaRN authors' code does.
struct TurnBand {
    let low: Double
    let high: Double

    /// The index with r turns is d·ln(window/(2π·r)) / (2·ln base).
    init(many: Double, few: Double, window: Int, context: RotaryContext, truncate: Bool) {
        let d = Double(context.dimensions)
        func index(_ turns: Double) -> Double {
            d * log(Double(window) / (turns * 2 * .pi)) / (2 * log(context.base))
        }
        low = max(truncate ? index(many).rounded(.down) : index(many), 0)
        let end = min(truncate ? index(few).rounded(.up) : index(few), d - 1)
        // A ramp of no width would divide by zero; the authors' code gives it this one.
        high = end == low ? low + 0.001 : end
    }

    /// 0 for a subspace with many turns, 1 for one with few.
    func ramp(_ index: Int) -> Double { RopewalkMethods.ramp(Double(index), from: low, to: high) }
}
