import Foundation

extension FigureAxis {
    /// Of numbers, with about `count` ticks.
    init(_ title: String, _ axis: ChartAxis, count: Int, text: (Double) -> String) {
        self.init(title, axis.range)
        isLogarithmic = axis.isLogarithmic
        ticks = Self.values(axis, count: count).map { FigureTick($0, text($0)) }
    }

    /// Where a logarithmic axis has few powers of ten, the numbers between them too.
    private static func values(_ axis: ChartAxis, count: Int) -> [Double] {
        guard axis.isLogarithmic else { return axis.ticks(count) }
        let powers = axis.ticks(24)
        guard powers.count < 3 else { return powers }
        return (-12...12).flatMap { power in [1, 2, 5].map { $0 * pow(10, Double(power)) } }.filter(axis.range.contains)
    }

    /// Of tokens: the edges of cells, queries downwards.
    static func tokens(_ title: String, first: Int, count: Int, isDownwards: Bool = false) -> FigureAxis {
        let chart = ChartAxis(Double(first)...Double(first + max(1, count)))
        // Half a token is none.
        let ticks = chart.ticks(5).filter { $0 == $0.rounded() }
        var axis = FigureAxis(title, chart.range, ticks: ticks.map { FigureTick($0, Int($0).grouped) })
        axis.isDownwards = isDownwards
        return axis
    }

    /// Of words, each in the middle of its place.
    static func words(_ title: String, _ words: [String], first: Double = 0, isDownwards: Bool = false) -> FigureAxis {
        var axis = FigureAxis(
            title, first...first + Double(max(1, words.count)),
            ticks: words.enumerated().map { FigureTick(first + Double($0) + 0.5, $1) })
        axis.hasWords = true
        axis.isDownwards = isDownwards
        return axis
    }

    /// Where a value stands, 0 to 1 within the range; nil for what is no number there.
    package func place(_ value: Double) -> Double? { ChartAxis(range, isLogarithmic: isLogarithmic).place(value) }
}
