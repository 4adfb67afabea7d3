/// Whole numbers for a few values, between the lowest and the highest of them.
package struct AsymmetricQuantiser: Equatable, Sendable {
    /// [value]
    package let codes: [Int]
    package let scale: Double
    package let zero: Double

    /// zero = min, scale = (max − min)/(2^bits − 1), code = round((x − zero)/scale), halves to even.
    package init<Value: BinaryFloatingPoint>(_ values: [Value], bits: Int) {
        let lowest = Double(values.min() ?? 0)
        let highest = Double(values.max() ?? 0)
        let levels = Double(1 << bits) - 1
        let scale = (highest - lowest) / levels
        zero = lowest
        self.scale = scale
        codes = values.map { value in
            // What is not a number, or equal values, have code 0.
            let code = ((Double(value) - lowest) / scale).rounded(.toNearestOrEven)
            return scale > 0 && code.isFinite ? Int(min(max(code, 0), levels)) : 0
        }
    }

    /// code · scale + zero. [value]
    package var values: [Double] { codes.map { Double($0) * scale + zero } }
}
