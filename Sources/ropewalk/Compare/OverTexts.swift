import Foundation

/// A number over several texts: its mean, and how far it is spread.
struct OverTexts: Equatable {
    /// Nil where no text knows it.
    let mean: Double?
    /// Sample standard deviation; nil where fewer than two texts know it.
    let deviation: Double?

    /// - Parameter values: one a text; what is not known is nil or NaN
    init(_ values: [Double?]) {
        let known = values.compactMap { $0 }.filter { !$0.isNaN }
        guard !known.isEmpty else {
            (mean, deviation) = (nil, nil)
            return
        }
        let mean = known.reduce(0, +) / Double(known.count)
        let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        deviation = known.count > 1 ? (squares / Double(known.count - 1)).squareRoot() : nil
    }

    /// Both for a line of a table, "—" where nothing is known.
    func text(digits: Int) -> String {
        func number(_ value: Double) -> String {
            guard value.isFinite else { return value.isNaN ? "—" : "∞" }
            return String(format: "%.\(digits)f", value)
        }
        guard let mean else { return "—" }
        return number(mean) + (deviation.map { " ± " + number($0) } ?? "")
    }
}
