/// What the surface of a text is like (LongWanjuan's `get_en_complexity.py` and `get_zh_complexity.py`).
package struct Complexity: Equatable, Sendable {
    /// Code points; of English after lower-casing.
    package let characters: Int
    /// Lines that are not blank, and how many code points they have.
    package let lines: Int
    package let lineMean: Double
    /// Of all lines, not of a sample.
    package let lineDeviation: Double
    package let lineMedian: Double
    package let longestLine: Int
    package let shortestLine: Int
    /// Per code point. The Chinese comma counts in Chinese alone.
    package let lineEnds: Double
    package let commas: Double
    package let blanks: Double
    package let bars: Double

    /// - Parameter text: nothing of an empty one is known: all numbers are 0
    package init(_ text: CodePoints, _ language: TextLanguage) {
        let text = language == .english ? PythonText.lower(text) : text
        characters = text.count
        let lengths = PythonText.parts(text, at: "\n").filter { !$0.allSatisfy(PythonText.isSpace) }.map(\.count)
        lines = lengths.count
        let count = Double(max(1, lengths.count))
        let mean = lengths.reduce(0.0) { $0 + Double($1) } / count
        lineMean = mean
        lineDeviation = (lengths.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
        let sorted = lengths.sorted()
        let middle = sorted.count / 2
        lineMedian =
            sorted.isEmpty
            ? 0
            : sorted.count % 2 == 1 ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
        longestLine = sorted.last ?? 0
        shortestLine = sorted.first ?? 0
        var counts = [0, 0, 0, 0]
        for scalar in text {
            switch scalar {
            case "\n": counts[0] += 1
            case ",": counts[1] += 1
            case "，": counts[1] += language == .chinese ? 1 : 0
            case " ": counts[2] += 1
            case "|": counts[3] += 1
            default: break
            }
        }
        let rates = counts.map { Double($0) / Double(max(1, text.count)) }
        (lineEnds, commas, blanks, bars) = (rates[0], rates[1], rates[2], rates[3])
    }
}
