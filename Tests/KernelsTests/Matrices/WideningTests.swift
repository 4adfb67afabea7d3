import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

struct WideningTests {
    /// All 65,536 half-precision numbers.
    static let patterns = (0...UInt16.max).map { $0 }

    static func widened(_ bytes: [UInt8], _ format: WeightFormat) -> [Float] {
        bytes.withUnsafeBytes { Widening.values($0, format) }
    }

    /// Blocks whose bytes are random and whose scales are finite.
    static func blocks(_ format: WeightFormat, count: Int, seed: UInt64) -> [UInt8] {
        var random = Bytes(state: seed)
        var bytes: [UInt8] = []
        while bytes.count < count * format.blockBytes {
            let block = (0..<format.blockBytes).map { _ in random.next() }
            if BlockReference(format: format, bytes: block).values.allSatisfy({ $0.isFinite }) { bytes += block }
        }
        return bytes
    }

    @Test func brainFloatsAreShifted() {
        let found = Self.patterns.withUnsafeBytes { Widening.values($0, .bf16) }
        #expect(firstDifference(found.map(\.bitPattern), Self.patterns.map { UInt32($0) << 16 }) == nil)
    }

    @Test func halvesAreThoseOfTheLanguage() {
        let found = Self.patterns.withUnsafeBytes { Widening.values($0, .f16) }
        #expect(found.count == 65536)
        for (pattern, value) in zip(Self.patterns, found) {
            let expected = Float(Float16(bitPattern: pattern))
            #expect(
                value.isNaN == expected.isNaN && (value.isNaN || value.bitPattern == expected.bitPattern), "\(pattern)")
        }
    }

    @Test(arguments: WeightFormat.allCases) func everyNumberIsThatOfTheDefinition(format: WeightFormat) {
        for count in [0, 1, 2, 7, 40] {
            let bytes = Self.blocks(format, count: count, seed: UInt64(count))
            let expected = BlockReference(format: format, bytes: bytes).values
            #expect(Self.widened(bytes, format).elementsEqual(expected))
            // At an odd address, with a few bytes too many at the end.
            let shifted = [9] + bytes
            let found = shifted.withUnsafeBytes { Widening.values(.init(rebasing: $0[1...]), format) }
            #expect(found.elementsEqual(expected))
            #expect(Self.widened(bytes + [1], format).elementsEqual(expected))
        }
    }

    /// Values computed by the gguf package in float32 from random blocks.
    @Test func theVectorsOfTheReferenceAreTheSame() throws {
        let file = try SafetensorsFile(contentsOf: Fixture.path("gguf/blocks.safetensors"))
        let names = file.tensors.keys.compactMap { $0.hasSuffix(".blocks") ? String($0.dropLast(7)) : nil }
        #expect(names.count == WeightFormat.allCases.count - 2)
        for name in names {
            let format = try #require(WeightFormat(rawValue: name))
            let found = try file.withBytes(of: name + ".blocks") { Widening.values($0, format) }
            let expected = try file.withBytes(of: name + ".values") { Widening.values($0, .f32) }
            #expect(found.count == expected.count)
            #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(name)")
        }
    }

    @Test(arguments: WeightFormat.allCases) func whatIsNotFiniteIsFound(format: WeightFormat) {
        let count = 3 * (1 << 20) / format.blockBytes
        let clean = [UInt8](repeating: 0, count: count * format.blockBytes)
        #expect(Self.place(clean, format) == nil)
        let places: [Int]
        switch format {
        case .f32, .bf16, .f16, .f64: places = [0]
        case .q4_1, .q5_1, .q4_K, .q5_K: places = [0, 2]
        case .q2_K: places = [80, 82]
        case .q3_K: places = [108]
        case .q6_K: places = [208]
        case .q4_0, .q5_0, .q8_0, .iq4_NL, .iq4_XS: places = [0]
        }
        for block in [0, 5, count / 2, count - 1] {
            for place in places {
                for sign in [UInt8(0), 0x80] {
                    var bytes = clean
                    let end =
                        block * format.blockBytes
                        + (place == 0 && format.blockLength == 1 ? format.blockBytes : place + 2)
                    bytes[end - 1] = 0x7F | sign
                    bytes[end - 2] = 0xF0
                    #expect(Self.place(bytes, format) == block * format.blockLength)
                }
            }
        }
    }

    private static func place(_ bytes: [UInt8], _ format: WeightFormat) -> Int? {
        bytes.withUnsafeBytes { Widening.firstNotFinite(in: $0, format, workers: Workers(count: 2)) }
    }

    @Test func doublesThatNoFloatHoldsAreNotFinite() {
        let numbers = [1, Double(Float.greatestFiniteMagnitude), 1e39]
        let place = numbers.withUnsafeBytes { Widening.firstNotFinite(in: $0, .f64, workers: Workers(count: 1)) }
        #expect(place == 2)
    }
}

/// The same bytes on every run (Knuth's MMIX constants).
struct Bytes {
    var state: UInt64

    mutating func next() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 40)
    }
}
