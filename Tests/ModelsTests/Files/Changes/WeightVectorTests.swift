import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// Weights in fewer bits, pruned and adapted: the worked examples of an independent script, blocks as compiled ggml made
/// and read them (commit d99724f2).
struct WeightVectorTests {
    private func value<T>(_ id: String, _ path: String..., as type: T.Type = T.self) throws -> T {
        let examples = try WorkedExamples("weights")
        switch path.count {
        case 1: return try examples.value(id, path[0])
        case 2: return try examples.value(id, path[0], path[1])
        default: return try examples.value(id, path[0], path[1], path[2])
        }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    private static func read(_ bytes: [UInt8], _ format: WeightFormat) -> [Double] {
        bytes.withUnsafeBytes { Widening.values($0, format) }.map(Double.init)
    }

    @Test func eightBitsOfATensor() throws {
        let x: [Double] = try value("affine_int8_6", "inputs", "x")
        let found = try #require(EightBits(x.map { Float($0) }[...]))
        // A step of float32 next to 13.6 is 1e-6, and the example is written with nine digits.
        #expect(abs(Double(found.scale) - (try value("affine_int8_6", "outputs", "S"))) < 1e-8)
        #expect(Int(found.zero) == (try value("affine_int8_6", "outputs", "zp")))
        #expect(found.codes.map { Int($0) } == (try value("affine_int8_6", "outputs", "q")))
        let read: [Double] = try value("affine_int8_6", "outputs", "dequantised")
        #expect(zip(found.values, read).allSatisfy { abs(Double($0) - $1) < 2e-6 })
        // What a model's matrix is given is that.
        #expect(WeightChange.eightBits(x.map { Float($0) }[...]) == found.values)
    }

    /// x_i = ((37 i mod 101) − 50) / 32: the bytes, what is read of them, and how far that is from what was written.
    @Test(arguments: [("q8_0", WeightFormat.q8_0), ("q4_0", .q4_0), ("q4_K", .q4_K)])
    func blocksOfGGML(name: String, format: WeightFormat) throws {
        let values = (0..<256).map { Float(37 * $0 % 101 - 50) / 32 }
        let bytes = BlockQuantiser.bytes(values, format)
        #expect(bytes == Self.bytes(try value("ggml_blocks_256", "outputs", name + "_hex")))
        let read = Self.read(bytes, format)
        let first: [Double] = try value("ggml_blocks_256", "outputs", name + "_deq_first8")
        // Written with nine digits; a scale times a code is one product of float32.
        #expect(zip(read, first).allSatisfy { abs($0 - $1) < 2e-7 })
        let error = zip(read, values).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) }
        let square = values.reduce(0) { $0 + Double($1) * Double($1) }
        let relative: Double = try value("ggml_blocks_256", "outputs", "rel_l2", name)
        // Written with six digits.
        #expect(abs((error / square).squareRoot() - relative) < 6e-7)
    }

    /// A super-block whose scale is 1 and whose codes are all 1 shows its eight scales; one whose least is 1 and whose codes
    /// are all 0 shows its minima, below 0.
    @Test func scalesOfASuperBlock() throws {
        let packed = Self.bytes(try value("ggml_q4_K_scale_unpack", "inputs", "bytes_hex"))
        let (one, none): ([UInt8], [UInt8]) = ([0x00, 0x3C], [0, 0])
        func parts(_ head: [UInt8], code: UInt8) -> [Int] {
            let read = Self.read(head + packed + Array(repeating: code | code << 4, count: 128), .q4_K)
            #expect((0..<8).allSatisfy { Set(read[$0 * 32..<($0 + 1) * 32]).count == 1 })
            return (0..<8).map { Int(read[$0 * 32]) }
        }
        #expect(parts(one + none, code: 1) == (try value("ggml_q4_K_scale_unpack", "outputs", "scales")))
        #expect(parts(none + one, code: 0).map { -$0 } == (try value("ggml_q4_K_scale_unpack", "outputs", "mins")))
    }

    @Test func blocksOfSixBitsAreRead() throws {
        let read = Self.read(Self.bytes(try value("ggml_q6_K_decode", "inputs", "block_hex")), .q6_K)
        #expect(read.count == 256)
        let first: [Double] = try value("ggml_q6_K_decode", "outputs", "first8")
        let others: [Double] = try value("ggml_q6_K_decode", "outputs", "w32_64_96_128")
        // Numbers up to 40 are products of a half and two small whole numbers: exact, and written with nine digits.
        for (found, expected) in zip(read[..<8] + [32, 64, 96, 128].map { read[$0] }, first + others) {
            #expect(abs(found - expected) < 1e-6)
        }
        // The sums are written with six and four digits.
        #expect(abs(read.reduce(0, +) - (try value("ggml_q6_K_decode", "outputs", "sum"))) < 1e-5)
        let squares: Double = try value("ggml_q6_K_decode", "outputs", "sum_squares")
        #expect(abs(read.reduce(0) { $0 + $1 * $1 } - squares) < 1e-3)
    }

    @Test func halfOfAMatrixIsPruned() throws {
        let rows: [[Double]] = try value("magnitude_prune_half", "inputs", "w")
        let weights = rows.joined().map { Float($0) }
        let share: Double = try value("magnitude_prune_half", "inputs", "sparsity")
        let matrix = WeightMatrix(outputs: rows.count, inputs: rows[0].count, values: weights)
        let pruned = try WeightChange.prune(share).applied(to: matrix, name: "w", keepsBlocks: false)
        let mask: [[Int]] = try value("magnitude_prune_half", "outputs", "mask")
        for (row, kept) in mask.enumerated() {
            #expect(zip(pruned.row(row), kept).allSatisfy { ($0 != 0) == ($1 == 1) }, "row \(row)")
        }
        func length(_ matrix: WeightMatrix) -> Double {
            (0..<matrix.outputs).reduce(0) { $0 + matrix.row($1).reduce(0) { $0 + Double($1) * Double($1) } }
                .squareRoot()
        }
        let left: Double = try value("magnitude_prune_half", "outputs", "kept_l2_fraction")
        // Six numbers of float32.
        #expect(abs(length(pruned) / length(matrix) - left) < 1e-7)
    }

    @Test func anAdapterAddsItsProduct() throws {
        let (a, b): ([[Double]], [[Double]]) = (
            try value("lora_delta", "inputs", "A"), try value("lora_delta", "inputs", "B")
        )
        let (rank, alpha): (Int, Int) = (
            try value("lora_delta", "inputs", "r"), try value("lora_delta", "inputs", "alpha")
        )
        let text = "{\"r\": \(rank), \"lora_alpha\": \(alpha)}"
        let settings = try AdapterSettings(
            try JSONDocument(Data(text.utf8), source: "adapter_config.json").root, file: "adapter_config.json")
        let (outputs, inputs) = (b.count, a[0].count)
        let update = LowRankUpdate(
            outputs: outputs, inputs: inputs, rank: try settings.rank(of: "layer"),
            a: a.joined().map { Float($0) }, b: b.joined().map { Float($0) },
            scale: try settings.scale(of: "layer", rank: rank))
        let nothing = [Float](repeating: 0, count: outputs * inputs)
        let delta: [[Double]] = try value("lora_delta", "outputs", "delta")
        for inMemory in [false, true] {
            let sum = WeightMatrix(outputs: outputs, inputs: inputs, values: nothing)
                .adapted(by: update, inMemory: inMemory)
            // Halves and whole numbers: exact.
            #expect((0..<outputs).map { sum.row($0).map(Double.init) } == delta)
        }
        #expect(rank * (outputs + inputs) == (try value("lora_delta", "outputs", "params")))
    }
}
