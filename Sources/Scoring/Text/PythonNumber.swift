/// Numbers as Python's `float(text)` reads them.
package enum PythonNumber {
    /// The number; nil where Python raises ValueError.
    ///
    /// Digits of any script, single underscores between digits, `inf`, `infinity` and `nan` in any case, blanks around it.
    package static func float(_ text: CodePoints) -> Double? {
        let ascii = text.allSatisfy { $0.value < 0x80 } ? text : text.map(inASCII)
        let body = trimmed(ascii)
        guard let plain = withoutUnderscores(body) else { return nil }
        var rest = plain[...]
        var sign = ""
        if let first = rest.first, first == "+" || first == "-" {
            sign = first == "-" ? "-" : ""
            rest = rest.dropFirst()
        }
        let word = PythonText.string(rest).lowercased()
        if word == "inf" || word == "infinity" { return sign.isEmpty ? .infinity : -.infinity }
        if word == "nan" { return .nan }
        guard isDecimalNumber(rest) else { return nil }
        return Double(sign + word)
    }

    /// A decimal digit of another script as that of ASCII, another blank as a blank, what is neither as what no number has.
    private static func inASCII(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x7F { return scalar }
        if PythonText.isSpace(scalar) { return " " }
        if PythonText.isDecimal(scalar), let value = scalar.properties.numericValue, (0...9).contains(value) {
            return Unicode.Scalar(UInt8(0x30 + Int(value)))
        }
        return "?"
    }

    private static func trimmed(_ text: CodePoints) -> CodePoints {
        let isBlank = { (scalar: Unicode.Scalar) in (0x09...0x0D).contains(scalar.value) || scalar == " " }
        guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return CodePoints(text[first...last])
    }

    /// Nil where one does not stand between two digits.
    private static func withoutUnderscores(_ text: CodePoints) -> CodePoints? {
        for (place, scalar) in text.enumerated() where scalar == "_" {
            guard place > 0, place + 1 < text.count, isDigit(text[place - 1]), isDigit(text[place + 1]) else {
                return nil
            }
        }
        return text.filter { $0 != "_" }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    /// Digits with at most one point, at least one digit, and perhaps an exponent.
    private static func isDecimalNumber(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        var rest = text.drop(while: isDigit)
        var digits = text.count - rest.count
        if rest.first == "." {
            let fraction = rest.dropFirst().drop(while: isDigit)
            digits += rest.count - 1 - fraction.count
            rest = fraction
        }
        guard digits > 0 else { return false }
        guard let mark = rest.first else { return true }
        guard mark == "e" || mark == "E" else { return false }
        rest = rest.dropFirst()
        if rest.first == "+" || rest.first == "-" { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }
}
