import RopewalkCellGrid
import RopewalkPhrases

/// Numbers as people read them, made without a formatter because views write hundreds of them a frame.
package enum Figures {
    /// "1 token", "1,204 tokens".
    package static func count(_ number: Int, _ one: String, _ more: String? = nil) -> String {
        guard Language.current == .english else { return say("\(number.grouped) pieces of \(one.said)") }
        return "\(number.grouped) \(number == 1 ? one : more ?? one + "s")"
    }

    /// With that many decimals (0 to 6) and thousands separators: 35,333.02; "∞" and "—" where it is no number.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        if value.isNaN { return "—" }
        guard value.magnitude < 1e12 else { return value < 0 ? "−∞" : "∞" }
        var unit = 1.0
        for _ in 0..<max(0, min(6, decimals)) { unit *= 10 }
        let scaled = Int((value.magnitude * unit).rounded())
        let whole = (scaled / Int(unit)).grouped
        let sign = value < 0 && scaled > 0 ? "−" : ""
        guard unit > 1 else { return sign + whole }
        let rest = String(scaled % Int(unit))
        return sign + whole + "." + String(repeating: "0", count: max(0, decimals - rest.count)) + rest
    }

    /// As `fixed`, with "+" before numbers above 0; what rounds to nothing has no sign.
    package static func signed(_ value: Double, _ decimals: Int) -> String {
        let text = fixed(value, decimals)
        return value > 0 && text.contains { !"0.".contains($0) } ? "+" + text : text
    }

    /// A weight between 0 and 1 with the decimals that its size needs: 0.31, 0.0042.
    package static func weight(_ value: Float) -> String {
        if value.isNaN { return "—" }
        if value == 0 { return "0" }
        if value.magnitude >= 0.095 { return fixed(Double(value), 2) }
        return value.magnitude >= 0.0001 ? fixed(Double(value), 4) : "<0.0001"
    }

    /// A number below every weight with four decimals, with one digit: 3e-6.
    static func scientific(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return fixed(value, 0) }
        var (digit, exponent) = (value, 0)
        while digit < 0.95, exponent > -400 { (digit, exponent) = (digit * 10, exponent - 1) }
        return String(Int(digit.rounded())) + "e" + String(exponent)
    }

    /// In at most five cells, as axes need it: 640, 12,288 as 12.3k.
    package static func short(_ value: Int) -> String {
        switch value.magnitude {
        case 0..<10_000: return value.grouped
        case 10_000..<100_000: return fixed(Double(value) / 1000, 1) + "k"
        case 100_000..<1_000_000: return fixed(Double(value) / 1000, 0) + "k"
        default: return fixed(Double(value) / 1e6, 1) + "M"
        }
    }

    /// `text` with blanks before it, so that columns of numbers end in one line.
    static func padded(_ text: String, to width: Int) -> String {
        let missing = width - CellWidth.of(text)
        return missing > 0 ? String(repeating: " ", count: missing) + text : text
    }

    /// `text` with blanks after it.
    static func left(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - CellWidth.of(text)))
    }
}
