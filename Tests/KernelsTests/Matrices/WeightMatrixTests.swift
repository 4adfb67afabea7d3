import Foundation
import Synchronization
import TestSupport
import Testing

@testable import RopewalkKernels

/// Matrices whose numbers stay as a file keeps them, against the same numbers in memory.
struct WeightMatrixTests {
    struct Pair {
        let stored: WeightMatrix
        let floats: WeightMatrix

        /// Random numbers that repeat after a while, because the definition is slow.
        init(_ format: WeightFormat, outputs: Int, inputs: Int, isBiased: Bool = false) {
            let blocks = outputs * inputs / format.blockLength
            let bytes = Self.bytes(format)
            let values = BlockReference(format: format, bytes: bytes).values
            var random = Random(seed: 5)
            let bias = isBiased ? random.floats(outputs) : nil
            stored = WeightMatrix(
                outputs: outputs, inputs: inputs, format: format,
                bytes: Data((0..<blocks * format.blockBytes).map { bytes[$0 % bytes.count] }), bias: bias)
            floats = WeightMatrix(
                outputs: outputs, inputs: inputs, values: (0..<outputs * inputs).map { values[$0 % values.count] },
                bias: bias)
        }

        private static func bytes(_ format: WeightFormat) -> [UInt8] {
            var random = Random(seed: 3)
            let numbers = random.floats(3011)
            return switch format {
            case .f32: numbers.withUnsafeBytes { Array($0) }
            case .f64: numbers.map(Double.init).withUnsafeBytes { Array($0) }
            case .f16: numbers.map { Float16($0) }.withUnsafeBytes { Array($0) }
            case .bf16: numbers.map { UInt16($0.bitPattern >> 16) }.withUnsafeBytes { Array($0) }
            default: WideningTests.blocks(format, count: 37, seed: 8)
            }
        }
    }

    static func product(_ matrix: WeightMatrix, rows: Int, workers: Int) -> [Float] {
        var random = Random(seed: UInt64(rows))
        let input = ElementwiseTests.matrix((0..<rows).map { _ in random.floats(matrix.inputs) })
        let output = Matrix(rows: rows, columns: matrix.outputs)
        matrix.apply(to: input, rows: rows, output: output, workers: Workers(count: workers))
        return output.copy(rows: 0..<rows)
    }

    /// The same sums in another order: rounded to 6e-8 of the largest sum of magnitudes, some ten times over.
    static func agree(_ a: [Float], _ b: [Float]) -> Bool {
        let largest = b.reduce(0) { max($0, abs($1)) }
        return a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 2e-6 * largest }
    }

    @Test(arguments: WeightFormat.allCases) func productsAndRowsAreThoseOfTheWidenedNumbers(format: WeightFormat) {
        // One tile; some tiles with a rest; few long rows. All are widened as a whole.
        for (outputs, inputs) in [(49, 512), (300, 2048), (23, 8192)] {
            let pair = Pair(format, outputs: outputs, inputs: inputs, isBiased: true)
            #expect(!pair.stored.isWidened || format == .f32)
            for rows in [1, 5, 70] where rows < 70 || outputs > 200 {
                let found = Self.product(pair.stored, rows: rows, workers: 2)
                let expected = Self.product(pair.floats, rows: rows, workers: 2)
                // One row is multiplied with the blocks as they are, in sums of another order.
                if rows == 1 {
                    #expect(Self.agree(found, expected), "\(outputs)")
                } else {
                    #expect(firstDifference(found, expected) == nil, "\(outputs) \(rows)")
                }
                for workers in [1, 7] where format != .f32 {
                    let isSame = found == Self.product(pair.stored, rows: rows, workers: workers)
                    #expect(isSame, "\(outputs) \(rows) \(workers)")
                }
            }
            for row in [0, outputs / 2, outputs - 1] {
                #expect(pair.stored.row(row).elementsEqual(pair.floats.row(row)))
            }
        }
    }

    /// Sums in double precision over the definition's numbers: products that are rounded to 6e-8 each, added in 32 sums, stay
    /// within 1e-6 of the sum of their magnitudes.
    @Test(arguments: WeightFormat.allCases) func oneRowTimesBlocksIsTheSumOfTheDefinition(format: WeightFormat) {
        for inputs in [256, 1280, 4096] {
            let pair = Pair(format, outputs: 67, inputs: inputs)
            let found = Self.product(pair.stored, rows: 1, workers: 2)
            var random = Random(seed: 1)
            let input = random.floats(inputs)
            for output in [0, 1, 33, 66] {
                let products = zip(pair.floats.row(output), input).map { Double($0) * Double($1) }
                let error = abs(products.reduce(0, +) - Double(found[output]))
                #expect(error <= 1e-6 * products.reduce(0) { $0 + abs($1) }, "\(inputs) \(output)")
            }
        }
    }

    /// What is too large to be widened as a whole is multiplied tile by tile, which adds in another order.
    @Test(arguments: [WeightFormat.bf16, .q4_1]) func productsOfLargeMatricesAreThoseOfTheWidenedNumbers(
        format: WeightFormat
    ) {
        let pair = Pair(format, outputs: 1025, inputs: 4096, isBiased: true)
        #expect(!pair.stored.withWidened(workers: Workers(count: 1)) { _ in })
        let found = Self.product(pair.stored, rows: 5, workers: 2)
        #expect(Self.agree(found, Self.product(pair.floats, rows: 5, workers: 2)))
        #expect(firstDifference(found, Self.product(pair.stored, rows: 5, workers: 1)) == nil)
    }

    /// Matrices so small that a library takes other kernels for few rows, and larger ones; rows that are no whole blocks.
    @Test(arguments: [(8, 8), (16, 16), (32, 32), (40, 32), (37, 53), (64, 128), (256, 256), (704, 256), (300, 700)])
    func aRowDoesNotDependOnTheWorkers(outputs: Int, inputs: Int) {
        let matrix = Pair(.f32, outputs: outputs, inputs: inputs).floats
        for rows in [1, 5, 24, 95, 96, 97, 143, 333, 700, 1024, 1501] {
            let alone = Self.product(matrix, rows: rows, workers: 1)
            for workers in [2, 3, 5, 16] {
                let found = Self.product(matrix, rows: rows, workers: workers)
                #expect(firstDifference(found, alone) == nil, "\(rows) rows, \(workers) workers")
            }
        }
    }

    @Test func tilesAreNeitherTinyNorHuge() {
        let expected = [(1, 1 << 17), (512, 256), (1024, 128), (4096, 128), (1 << 16, 64), (1 << 22, 1), (1 << 23, 1)]
        for (inputs, rows) in expected {
            #expect(WeightMatrix.placeholder(outputs: 1 << 20, inputs: inputs).tileRows == rows, "\(inputs)")
        }
        #expect(WeightMatrix.placeholder(outputs: 5, inputs: 4096).tileRows == 5)
        #expect(WeightMatrix.placeholder(outputs: 0, inputs: 4096).tileRows == 0)
    }

    @Test func smallMatricesAreCopied() {
        let pair = Pair(.q8_0, outputs: 3, inputs: 64)
        #expect(pair.stored.isWidened)
        #expect(pair.stored.row(2).elementsEqual(pair.floats.row(2)))
    }

    @Test func alignedFloatsAreUsedInPlace() {
        let numbers = (0..<4096).map { Float($0) }
        let bytes = numbers.withUnsafeBytes { Data($0) }
        let matrix = WeightMatrix(outputs: 64, inputs: 64, format: .f32, bytes: bytes)
        matrix.withFloats { weights in
            bytes.withUnsafeBytes { #expect(weights.map { UnsafeRawPointer($0) } == $0.baseAddress) }
        }
        // One byte further they are widened like any other.
        let shifted = WeightMatrix(outputs: 64, inputs: 64, format: .f32, bytes: (Data([0]) + bytes)[1...])
        #expect(!shifted.isWidened)
        #expect(shifted.row(63).elementsEqual(numbers[4032...]))
    }

    @Test(arguments: [WeightFormat.f32, .bf16, .q4_K]) func viewsAreTheirRows(format: WeightFormat) {
        let pair = Pair(format, outputs: 40, inputs: 256, isBiased: true)
        let order = (0..<40).map { ($0 * 7 + 3) % 40 }
        let whole = Self.product(pair.floats, rows: 2, workers: 1)
        for matrix in [pair.stored, pair.floats] {
            let views: [(WeightMatrix, [Int])] = [
                (matrix.rows(8..<31), Array(8..<31)), (matrix.rows(0..<0), []),
                (matrix.gathering(rows: order), order),
                (matrix.rows(8..<31).gathering(rows: [22, 0, 5]), [30, 8, 13]),
                (matrix.gathering(rows: order).rows(3..<6), Array(order[3..<6])),
                (matrix.gathering(rows: order).gathering(rows: [39, 1]), [order[39], order[1]]),
            ]
            for (view, rows) in views {
                #expect(view.outputs == rows.count && view.inputs == 256)
                for (place, row) in rows.enumerated() {
                    #expect(view.row(place).elementsEqual(pair.floats.row(row)))
                }
                let expected = (0..<2).flatMap { input in rows.map { whole[input * 40 + $0] } }
                #expect(Self.agree(Self.product(view, rows: 2, workers: 2), expected))
            }
        }
    }

    @Test func transposingExchangesRowsAndColumns() {
        let values = (0..<15).map { Float($0) }
        let matrix = WeightMatrix(outputs: 3, inputs: 5, values: values).transposed()
        #expect(matrix.outputs == 5 && matrix.inputs == 3)
        for row in 0..<5 { #expect(matrix.row(row) == [Float(row), Float(row + 5), Float(row + 10)]) }
    }

    @Test func sharingIsAboutTheSameRowsInMemory() {
        for matrix in [Pair(.q8_0, outputs: 40, inputs: 256).stored, Pair(.f32, outputs: 40, inputs: 256).floats] {
            let copy = matrix
            #expect(matrix.sharesStorage(with: copy))
            #expect(matrix.sharesStorage(with: matrix.rows(0..<40)))
            #expect(!matrix.sharesStorage(with: matrix.rows(1..<40)))
            #expect(!matrix.sharesStorage(with: matrix.gathering(rows: Array((0..<40).reversed()))))
        }
        let nothing = WeightMatrix.placeholder(outputs: 40, inputs: 256)
        #expect(!nothing.sharesStorage(with: nothing))
        #expect(nothing.isPlaceholder && nothing.rows(3..<9).isPlaceholder && nothing.transposed().outputs == 256)
    }

    @Test(arguments: [WeightFormat.bf16, .q4_0, .q6_K]) func likelihoodsAreThoseOfTheWidenedNumbers(
        format: WeightFormat
    ) {
        let scale: Float = 1e-3
        let pair = Pair(format, outputs: 3000, inputs: 512)
        var random = Random(seed: 11)
        // Small states, so that the logits are of the size that models give.
        let states = (0..<66).map { _ in random.floats(512).map { $0 * scale } }
        var targets = (0..<66).map { Int32($0 * 45) }
        targets[7] = -1
        targets[8] = 3000
        let hidden = ElementwiseTests.matrix(states)
        // In double precision, from its definition.
        let rows = (0..<3000).map { Array(pair.floats.row($0)) }
        let expected = zip(states, targets).map { state, target -> Double in
            guard (0..<3000).contains(target) else { return .nan }
            let logits = rows.map { row in (0..<512).reduce(0.0) { $0 + Double(state[$1]) * Double(row[$1]) } }
            let highest = logits.max() ?? 0
            return highest + log(logits.reduce(0) { $0 + exp($1 - highest) }) - logits[Int(target)]
        }
        let found = Likelihood.negativeLogs(
            hidden: hidden, rows: 66, output: pair.stored, targets: targets, workers: Workers(count: 2))
        #expect(found[7].isNaN && found[8].isNaN && expected[7].isNaN && expected[8].isNaN)
        let differences = zip(found, expected).enumerated().filter { $0.offset != 7 && $0.offset != 8 }
        let largest = expected.reduce(1) { $1.isNaN ? $0 : max($0, $1) }
        #expect(differences.allSatisfy { abs(Double($0.element.0) - $0.element.1) <= 4e-6 * largest })
        let inMemory = Likelihood.negativeLogs(
            hidden: hidden, rows: 66, output: pair.floats, targets: targets, workers: Workers(count: 2))
        #expect(zip(inMemory, found).allSatisfy { abs($0 - $1) <= 4e-6 * Float(largest) || $0.isNaN && $1.isNaN })
        let alone = Likelihood.negativeLogs(
            hidden: hidden, rows: 66, output: pair.stored, targets: targets, workers: Workers(count: 1))
        #expect(zip(alone, found).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
        #expect(
            Self.agree(
                Likelihood.logits(hidden: states[3][...], output: pair.stored),
                Likelihood.logits(hidden: states[3][...], output: pair.floats)))
    }

    /// A vocabulary that takes seconds is not gone through to its end when the run has been cancelled.
    @Test(arguments: [true, false]) func likelihoodsCanBeCancelled(isStored: Bool) {
        let pair = Pair(.bf16, outputs: 3000, inputs: 512)
        let hidden = Matrix(rows: 640, columns: 512)
        let asked = Atomic(0)
        _ = Likelihood.negativeLogs(
            hidden: hidden, rows: 640, output: isStored ? pair.stored : pair.floats,
            targets: Array(repeating: 1, count: 640), workers: Workers(count: 1),
            isCancelled: { asked.add(1, ordering: .relaxed).newValue > 2 })
        // Of twelve tiles.
        #expect(asked.load(ordering: .relaxed) == 3)
    }
}

extension WeightMatrix {
    /// Whether the two are the same rows of one array in memory, as tied embeddings are.
    fileprivate func sharesStorage(with other: WeightMatrix) -> Bool {
        guard let address = storage.address else { return false }
        return address == other.storage.address && order == other.order
    }
}

extension WeightStorage {
    /// Where it begins in memory, which two matrices over the same numbers have in common.
    fileprivate var address: UnsafeRawPointer? {
        switch self {
        case .floats(let values): values.withUnsafeBytes(\.baseAddress)
        case .stored(let bytes, _): bytes.withUnsafeBytes(\.baseAddress)
        case .packed(let packed): packed.codes.withUnsafeBytes(\.baseAddress)
        case .adapted(let base, _): base.storage.address
        case .nothing: nil
        }
    }
}
