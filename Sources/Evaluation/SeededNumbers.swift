/// Numbers that look random and are the same for the same seed everywhere: SplitMix64's (Steele, Lea and Flood 2014).
package struct SeededNumbers: Sendable {
    private var state: UInt64

    /// - Parameter purpose: what they are for, so that two purposes of one seed have numbers of their own
    package init(seed: Int, purpose: String = "") {
        // FNV-1a.
        let hash = purpose.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        state = UInt64(bitPattern: Int64(seed)) ^ (purpose.isEmpty ? 0 : hash)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 to under `bound`; 0 where there is no choice.
    package mutating func below(_ bound: Int) -> Int {
        bound > 1 ? Int(next().multipliedFullWidth(by: UInt64(bound)).high) : 0
    }

    /// 0 to under 1.
    package mutating func share() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    /// Decimal digits; the first may be 0.
    package mutating func digits(_ count: Int) -> String {
        (0..<count).map { _ in String(below(10)) }.joined()
    }

    /// A number of so many digits.
    package mutating func number(digits count: Int) -> String {
        String(1 + below(9)) + digits(max(0, count - 1))
    }

    /// 32 hexadecimal digits in the five groups of a UUID; version 4.
    package mutating func uuid() -> String {
        let digits = (0..<32).map { index in
            String(index == 12 ? 4 : index == 16 ? 8 + below(4) : below(16), radix: 16)
        }
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { digits[$0].joined() }.joined(separator: "-")
    }

    /// In another order.
    package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.dropFirst().reversed() { result.swapAt(index, below(index + 1)) }
        return result
    }

    /// Some of them, each at most once, in an order of their own; all where there are not so many.
    package mutating func picked<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        var result = elements
        let count = min(count, result.count)
        for index in 0..<count { result.swapAt(index, index + below(result.count - index)) }
        return Array(result[..<count])
    }
}
