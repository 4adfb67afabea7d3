import Kernels
import Testing

/// All 65,536 half-precision numbers.
struct WideningTests {
    static let patterns = (0...UInt16.max).map { $0 }

    @Test func brainFloatsAreShifted() {
        let found = Self.patterns.withUnsafeBytes(Widening.bf16)
        #expect(found.map(\.bitPattern) == Self.patterns.map { UInt32($0) << 16 })
    }

    @Test func halvesAreThoseOfTheLanguage() {
        let found = Self.patterns.withUnsafeBytes(Widening.f16)
        #expect(found.count == 65536)
        for (pattern, value) in zip(Self.patterns, found) {
            let expected = Float(Float16(bitPattern: pattern))
            #expect(
                value.isNaN == expected.isNaN && (value.isNaN || value.bitPattern == expected.bitPattern), "\(pattern)")
        }
    }

    @Test func bytesMayLieAnywhere() {
        let numbers: [Float] = [1, -2.5, .pi, .infinity]
        let bytes = [UInt8(9)] + numbers.withUnsafeBytes { Array($0) }
        #expect(bytes.withUnsafeBytes { Widening.f32(UnsafeRawBufferPointer(rebasing: $0[1...])) } == numbers)
        let halves: [UInt8] = [9, 0, 0x3c, 0, 0xc0]
        #expect(halves.withUnsafeBytes { Widening.f16(UnsafeRawBufferPointer(rebasing: $0[1...])) } == [1, -2])
        #expect([UInt8]().withUnsafeBytes(Widening.bf16).isEmpty)
    }
}
