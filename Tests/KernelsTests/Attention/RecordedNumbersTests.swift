import Testing

@testable import RopewalkKernels

/// Numbers of recordings in half precision.
@Suite struct RecordedNumbersTests {
    /// Every kind of number: zeros, subnormal halves, ties, both ends of the range, and a spread over all exponents.
    private static let numbers: [Float] = {
        let special: [Float] = [
            0, -0.0, 1, -1, 0x1p-14, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-26, 0x1.ffcp-15, 65_504, -65_504, 65_519,
            1 + 0x1p-11, 1 + 3 * 0x1p-11, 0x1.ffep-15, 2049, 2051, 1e-30,
        ]
        let spread = (0..<4000).map { index in
            Float(
                sign: index % 2 == 0 ? .plus : .minus, exponent: index % 40 - 25, significand: 1 + Float(index) / 4001)
        }
        return special + spread.filter { abs($0) < 65_504 }
    }()

    /// Bit by bit what the language's own half-precision numbers are, on narrowing and on widening.
    @Test func roundsToTheNearestHalf() throws {
        guard case .half(let bits) = RecordedNumbers(Self.numbers, in: .half) else {
            Issue.record("numbers of the range of half precision are kept in it")
            return
        }
        #expect(bits == Self.numbers.map { Float16($0).bitPattern })
        #expect(RecordedNumbers.half(bits).floats == bits.map { Float(Float16(bitPattern: $0)) })
    }

    /// What documentation promises: 2⁻¹¹ of each number, 2⁻²⁵ where it is smaller than 2⁻¹⁴.
    @Test func staysWithinTheTolerance() {
        let kept = RecordedNumbers(Self.numbers, in: .half)
        for (number, near) in zip(Self.numbers, kept.floats) {
            #expect(abs(number - near) <= max(abs(number) * 0x1p-11, 0x1p-25), "\(number) \(near)")
        }
        #expect(kept.bytes == 2 * Self.numbers.count && kept[3] == -1 && kept[2..<4] == [1, -1])
    }

    /// What half precision would make infinite, and what is not finite, stays what it is.
    @Test(arguments: [65_520, -1e9, Float.infinity, .nan])
    func keepsWhatDoesNotFit(_ number: Float) {
        let kept = RecordedNumbers([1, number, 2], in: .half)
        #expect(kept.floats.map(\.bitPattern) == [1, number, 2].map(\.bitPattern))
        #expect(kept.bytes == 12)
    }

    @Test func nothingIsNothing() {
        #expect(RecordedNumbers([], in: .half).floats == [] && RecordedNumbers([], in: .single).count == 0)
    }
}
