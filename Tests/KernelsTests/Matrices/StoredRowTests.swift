import CRopewalkKernels
import Foundation
import TestSupport
import Testing

@testable import RopewalkKernels

/// A row times blocks as their file keeps them, against the definition's numbers in double precision.
struct StoredRowTests {
    static let inputs = 512
    static let outputs = 9

    static func product(_ bytes: [UInt8], _ format: WeightFormat, _ input: [Float], outputs: Int) -> [Float] {
        var found = [Float](repeating: 0, count: outputs)
        input.withUnsafeBufferPointer { input in
            guard let start = input.baseAddress else { return }
            let row = StoredRow(start, count: input.count, format: format)
            bytes.withUnsafeBytes { weights in
                if let base = weights.baseAddress { row.multiply(base, rows: 0, outputs, &found) }
            }
        }
        return found
    }

    /// What goes through a network: numbers with a few that are thousands of times as large as the rest; and the ends of what
    /// a number can be.
    static func rows() -> [[Float]] {
        var random = Random(seed: 12)
        let plain = random.floats(inputs)
        let outliers = plain.enumerated().map { $0.offset % 97 == 5 ? $0.element * 4000 : $0.element }
        let ranges = plain.enumerated().map { place, number in
            number * Float(sign: .plus, exponent: place % 60 - 30, significand: 1)
        }
        return [
            plain, outliers, ranges, plain.map { $0 * 1e-30 }, plain.map { $0 * 1e30 },
            (0..<inputs).map { $0 % 2 == 0 ? 1 : -1 }, (0..<inputs).map { $0 == 300 ? -0.75 : 0 },
        ]
    }

    /// A block's sum over whole numbers is rounded once, and numbers below an eighth of its largest to 2^-28 of that; sums of
    /// blocks are float32's: together within 1e-6 of the sum of the magnitudes, where small numbers count as the largest one.
    @Test(arguments: WeightFormat.allCases) func sumsAreThoseOfTheDefinition(format: WeightFormat) {
        let blocks = Self.outputs * Self.inputs / format.blockLength
        let bytes = WideningTests.blocks(format, count: blocks, seed: 4)
        let weights = BlockReference(format: format, bytes: bytes).values
        for (number, input) in Self.rows().enumerated() {
            let found = Self.product(bytes, format, input, outputs: Self.outputs)
            for output in 0..<Self.outputs {
                var sum = 0.0
                var size = 0.0
                for group in stride(from: 0, to: Self.inputs, by: 32) {
                    let largest = Double(input[group..<group + 32].map(\.magnitude).max() ?? 0)
                    for i in group..<group + 32 {
                        let weight = Double(weights[output * Self.inputs + i])
                        sum += weight * Double(input[i])
                        size += abs(weight) * max(abs(Double(input[i])), largest * 0x1p-6)
                    }
                }
                // Formats that keep random bits as float32 have weights beyond what sums can hold.
                guard size < 1e37 else { continue }
                #expect(abs(sum - Double(found[output])) <= 1e-6 * size, "row \(number), output \(output)")
            }
        }
    }

    /// The lowest number of a byte has no counterpart above zero.
    @Test func theLowestNumberOfAByteKeepsItsSign() {
        let scale: [UInt8] = [0x00, 0x3c]
        let bytes = scale + Array(repeating: 0x80, count: 32)
        for sign: Float in [1, -1] {
            let input = (0..<32).map { sign * Float($0 + 1) }
            #expect(Self.product(bytes, .q8_0, input, outputs: 1) == [-128 * sign * 528])
        }
    }

    @Test(arguments: WeightFormat.allCases, [Float.nan, .infinity, -.infinity])
    func whatIsNoNumberIsNotHidden(format: WeightFormat, odd: Float) {
        let bytes = WideningTests.blocks(format, count: 256 / format.blockLength, seed: 6)
        var input = [Float](repeating: 0.5, count: 256)
        input[77] = odd
        #expect(Self.product(bytes, format, input, outputs: 1).allSatisfy { !$0.isFinite })
    }

    @Test func zeroTimesAnythingIsZero() {
        for format in WeightFormat.allCases {
            let bytes = WideningTests.blocks(format, count: 256 / format.blockLength, seed: 7)
            #expect(Self.product(bytes, format, [Float](repeating: 0, count: 256), outputs: 1) == [0], "\(format)")
        }
    }

    /// Digits put together again are the numbers, to a 2^28th of the largest of each 32.
    @Test func digitsAreTheNumbers() {
        for input in Self.rows() {
            let digits = [ck_digits](unsafeUninitializedCapacity: 16) { buffer, count in
                input.withUnsafeBufferPointer { numbers in
                    if let from = numbers.baseAddress, let to = buffer.baseAddress { ck_split(from, 16, to) }
                }
                count = 16
            }
            for (group, digit) in digits.enumerated() {
                let largest = input[group * 32..<group * 32 + 32].map(\.magnitude).max() ?? 0
                let words = withUnsafeBytes(of: digit) { bytes in
                    (0..<64).map { bytes.loadUnaligned(fromByteOffset: 8 + $0 * 2, as: Int16.self) }
                }
                #expect(words.allSatisfy { (-8192...8192).contains($0) })
                for j in 0..<32 {
                    // Even numbers before odd ones, high digits before low ones.
                    let place = j % 2 * 16 + j / 2
                    let whole = Int(words[place]) * 16384 + Int(words[32 + place])
                    let error = abs(Double(whole) * Double(digit.unit) - Double(input[group * 32 + j]))
                    #expect(error <= max(Double(largest) * 0x1p-27, 0x1p-125))
                }
            }
        }
    }

    /// One row through a view whose rows lie in another order, as those of rotated keys do in some files.
    @Test(arguments: [WeightFormat.q4_1, .q8_0, .q6_K, .bf16])
    func rowsInAnotherOrderAreThoseRows(format: WeightFormat) {
        let pair = WeightMatrixTests.Pair(format, outputs: 96, inputs: 1024, isBiased: true)
        let order = (0..<96).map { ($0 * 5 + 3) % 96 }
        let plain = WeightMatrixTests.product(pair.stored, rows: 1, workers: 2)
        let found = WeightMatrixTests.product(pair.stored.gathering(rows: order), rows: 1, workers: 2)
        let expected = order.map { plain[$0] }
        #expect(firstDifference(found, expected) == nil)
    }
}
