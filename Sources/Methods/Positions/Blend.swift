/// Between two values, 0 for the first and 1 for the second; equal ones stay as they are, to the bit.
func blend(_ first: Double, _ second: Double, _ share: Double) -> Double {
    first == second ? first : first * (1 - share) + second * share
}

/// How far `value` is between two bounds, 0 to 1.
func ramp(_ value: Double, from lower: Double, to upper: Double) -> Double {
    min(max((value - lower) / (upper - lower), 0), 1)
}
