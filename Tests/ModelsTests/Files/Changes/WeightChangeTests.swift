import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

struct WeightChangeTests {
    /// Every format is read back to within what its step allows, zeros and equal numbers too: of q4_0 an eighth, as its
    /// codes go from −8 to 7.
    @Test(arguments: [(WeightFormat.q8_0, Float(0.005)), (.q4_0, 0.13), (.q4_K, 0.08)])
    func blocksAreReadBack(_ format: WeightFormat, _ share: Float) {
        let wave = (0..<512).map { sinf(Float($0 * $0 % 97)) * 3 }
        let flat = [Float](repeating: 0.75, count: 256) + [Float](repeating: -2, count: 256)
        for values in [wave, flat, [Float](repeating: 0, count: 512)] {
            let bytes = BlockQuantiser.bytes(values, format)
            #expect(bytes.count == values.count / format.blockLength * format.blockBytes)
            let read = bytes.withUnsafeBytes { Widening.values($0, format) }
            let off = zip(read, values).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
            let largest = values.reduce(Float(0)) { max($0, abs($1)) }
            #expect(off <= share * largest, "\(format) \(off) of \(largest)")
        }
    }

    @Test func equalNumbersStayAsTheyAre() {
        #expect(WeightChange.eightBits([2, 2]) == [2, 2] && WeightChange.eightBits([]).isEmpty)
        // Numbers next to each other whose step is none, and a range that is no number.
        #expect(WeightChange.eightBits([0, .leastNonzeroMagnitude]) == [0, .leastNonzeroMagnitude])
        let far = [-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude]
        #expect(WeightChange.eightBits(far[...]) == far)
    }

    @Test func theSmallestArePruned() {
        let weights: [Float] = [0.5, -0.1, 0.3, 0.1, -0.9, 0.2]
        #expect(WeightChange.pruned(weights, share: 0.5) == [0.5, 0, 0.3, 0, -0.9, 0])
        // Of equal ones the earlier.
        #expect(WeightChange.pruned([1, -1, 1, 1], share: 0.5) == [0, 0, 1, 1])
        #expect(WeightChange.pruned(weights, share: 0) == weights)
        #expect(WeightChange.pruned(weights, share: 1) == [0, 0, 0, 0, 0, 0])
    }

    /// A matrix that is a sum of products is found again from its rank on; below it what is left is its smallest part.
    @Test func theNearestOfARankIsFound() throws {
        let (rows, columns) = (9, 14)
        func part(_ scale: Float, _ seed: Int) -> [Float] {
            (0..<rows * columns).map {
                scale * sinf(Float($0 / columns * seed + 1)) * cosf(Float($0 % columns * seed + 2))
            }
        }
        let sum = zip(part(5, 3), part(0.5, 7)).map { $0 + $1 }
        func distance(_ rank: Int) throws -> Float {
            let near = try LowRank.nearest(sum, rows: rows, columns: columns, rank: rank)
            return zip(near, sum).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        #expect(try distance(2) < 1e-4)
        #expect(try distance(9) < 1e-4)
        let small = part(0.5, 7).reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        #expect(try distance(1) > 0.1 && distance(1) <= small, "no further than without the second part")
    }

    /// What it does to a model is what reading its matrices one by one gives.
    @Test func theLayersOfAModelChangeAndNothingElse() throws {
        let path = Fixture.path("hf/llama_default")
        func model(_ spec: String?) throws -> Model {
            try Model(contentsOf: path, change: spec.map { try WeightChange(parsing: $0) }, needsTokenizer: false)
        }
        let whole = try model(nil)
        func rows(_ model: Model, _ block: Int, _ matrix: (AttentionLayer) -> WeightMatrix) throws -> [[Float]] {
            let blocks = try #require(model.architecture.decoder).blocks
            let matrix = matrix(try #require(blocks[block].mixer.attention))
            return (0..<matrix.outputs).map { Array(matrix.row($0)) }
        }
        let changed = try model("int8")
        #expect(changed.name == "llama_default (int8)" && changed.weightChange == .int8)
        let expected = try rows(whole, 1) { $0.query }.map { WeightChange.eightBits($0[...]) }
        #expect(try rows(changed, 1) { $0.query } == expected)
        let embedding = try #require(changed.architecture.decoder).embedding.tokens
        let own = try #require(whole.architecture.decoder).embedding.tokens
        #expect((0..<3).allSatisfy { embedding.row($0) == own.row($0) })

        let shared = try model("share:2")
        #expect(shared.unread.tensors.isEmpty)
        #expect(try rows(shared, 1) { $0.query } == rows(whole, 0) { $0.query })
        #expect(try rows(shared, 0) { $0.value } == rows(whole, 0) { $0.value })

        #expect(try rows(model("prune:1"), 0) { $0.output }.allSatisfy { $0.allSatisfy { $0 == 0 } })
        let near = try rows(model("lowrank:200"), 0) { $0.key }
        #expect(try near == rows(whole, 0) { $0.key }, "no rank is higher than that of the matrix")
    }

    @Test(arguments: [
        ("q4_0", "multiple of 32"), ("q4_k", "multiple of 256"), ("prune:2", "0 to 1"), ("prune:x", "0 to 1"),
        ("share:0", "1 to"), ("lowrank:-1", "1 to"), ("q5_1", "known are"), ("", "known are"), ("int8:3", "known are"),
    ]) func whatDoesNotFitIsRefused(_ spec: String, _ reason: String) throws {
        let error = #expect(throws: ModelError.self) {
            // Its rows have 40 numbers.
            try Model(
                contentsOf: Fixture.path("hf/llama_default"), change: try WeightChange(parsing: spec),
                needsTokenizer: false)
        }
        let text = try #require(error).description
        #expect(text.contains(reason) && !text.contains("\n"), "\(text)")
    }
}
