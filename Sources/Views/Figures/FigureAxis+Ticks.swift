import Foundation

extension FigureAxis {
    /// Of numbers, with about `count` ticks.
    /// - Parameter isWhole: Whether it counts something, of which there is no half
    init(_ title: String, _ axis: ChartAxis, count: Int, isWhole: Bool = false, text: (Double) -> String) {
        self.init(title, axis.range)
        isLogarithmic = axis.isLogarithmic
        let values = Self.values(axis, count: count).filter { !isWhole || isLogarithmic || $0 == $0.rounded() }
        ticks = zip(values, isLogarithmic ? values.map(text) : Self.texts(values, text)).map { FigureTick($0, $1) }
    }

    /// Where a text rounds its tick, all have the decimals that their distance needs.
    private static func texts(_ values: [Double], _ text: (Double) -> String) -> [String] {
        let texts = values.map(text)
        guard values.count > 1 else { return texts }
        let step = values[1] - values[0]
        let isRounded = zip(values, texts).contains { value, text in
            let number = Double(text.replacing(",", with: "").replacing("−", with: "-"))
            return number.map { abs($0 - value) > step / 100 } ?? false
        }
        guard isRounded else { return texts }
        let decimals = (0...6).first { decimals in
            let scaled = step * pow(10, Double(decimals))
            return abs(scaled - scaled.rounded()) < 1e-6 * scaled
        }
        return values.map { Figures.fixed($0, decimals ?? 6) }
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
