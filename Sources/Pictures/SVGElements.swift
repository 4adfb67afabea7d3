import RopewalkCellGrid

/// The elements of SVG that figures are made of, each as one line.
enum SVG {
    enum Anchor: String { case start, middle, end }

    struct Font {
        var size: Double
        var ink: String
        var anchor = Anchor.start
        var isBold = false
        /// Degrees, clockwise, around where the text stands.
        var turned = 0.0
    }

    /// With at most two decimals: a hundredth of a pixel is seen by nobody.
    static func number(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e7 else { return "0" }
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return sign + String(whole) }
        return sign + "\(whole)." + (rest % 10 == 0 ? String(rest / 10) : (rest < 10 ? "0" : "") + String(rest))
    }

    /// With six decimals.
    static func weight(_ value: Float) -> String {
        guard value.isFinite, value > 0 else { return "0" }
        return String((Double(value) * 1e6).rounded() / 1e6)
    }

    static func attributes(_ values: [(String, Double)]) -> String {
        values.map { "\($0)=\"\(number($1))\"" }.joined(separator: " ")
    }

    /// What a text holds is shown and never obeyed.
    static func text(_ text: String, x: Double, y: Double, _ font: Font) -> String {
        let turn = font.turned == 0 ? "" : " transform=\"rotate(\(number(font.turned)) \(number(x)) \(number(y)))\""
        let anchor = font.anchor == .start ? "" : " text-anchor=\"\(font.anchor.rawValue)\""
        let weight = font.isBold ? " font-weight=\"bold\"" : ""
        return "<text \(attributes([("x", x), ("y", y), ("font-size", font.size)])) fill=\"\(font.ink)\""
            + "\(anchor)\(weight)\(turn)>\(GridPage.escaped(Printable.text(text)))</text>\n"
    }

    static func rectangle(
        x: Double, y: Double, width: Double, height: Double, fill: String, more: String = ""
    ) -> String {
        let place = attributes([("x", x), ("y", y), ("width", max(0, width)), ("height", max(0, height))])
        return "<rect \(place) fill=\"\(fill)\"\(more.isEmpty ? "" : " " + more)/>\n"
    }

    static func line(
        _ x: Double, _ y: Double, _ endX: Double, _ endY: Double, stroke: String, width: Double = 1, dashes: String = ""
    ) -> String {
        "<line \(attributes([("x1", x), ("y1", y), ("x2", endX), ("y2", endY)])) stroke=\"\(stroke)\" "
            + "stroke-width=\"\(number(width))\"\(dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")/>\n"
    }

    static func path(_ data: String, _ attributes: String) -> String { "<path d=\"\(data)\" \(attributes)/>\n" }
}
