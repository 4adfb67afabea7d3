/// Numbers as integers of eight bits with a scale and a zero point of their own (asymmetric): x ≈ scale · (code − zero) with
/// scale = (max − min) / 255, zero = rint(−128 − min / scale) and code = rint(x / scale) + zero within −128 to 127.
struct EightBits {
    let scale: Float
    /// A whole number; below −128 where all numbers are above 0.
    let zero: Float
    /// −128 to 127. [number]
    let codes: [Int8]

    /// Nil where all numbers are the same: nothing is lost of them.
    init?(_ values: ArraySlice<Float>) {
        guard let least = values.min(), let most = values.max(), most > least else { return nil }
        let scale = (most - least) / 255
        let zero = (-128 - least / scale).rounded(.toNearestOrEven)
        // A range too narrow for its numbers, or wider than float32 holds, has no scale to divide by.
        guard scale > 0, scale.isFinite, zero.isFinite else { return nil }
        (self.scale, self.zero) = (scale, zero)
        codes = values.map { Int8(min(127, max(-128, ($0 / scale).rounded(.toNearestOrEven) + zero))) }
    }

    /// The numbers that are read back.
    var values: [Float] { codes.map { scale * (Float($0) - zero) } }
}
