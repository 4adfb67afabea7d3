import Foundation
import TestSupport
import Testing

@testable import RopewalkLens

@Suite struct OnlineSoftmaxTests {
    @Test func stepsAreThoseOfTheReference() throws {
        let vectors = try TileVectors()
        let scores = try vectors.numbers("sdpa_4x2_causal", "outputs", "scores")[3]
        let values = try vectors.numbers("sdpa_4x2_causal", "inputs", "V")
        let steps: [[String: Any]] = try vectors.value("numeric", "flash_online_softmax_row3", "outputs", "steps")
        var state = OnlineSoftmax(dimension: 2)
        for (block, step) in steps.enumerated() {
            state.take(Array(scores[2 * block..<2 * block + 2])) { values[2 * block + $0] }
            let output = try #require(step["o_unnormalised"] as? [Double])
            #expect(agree(state.highest, Float(try #require(step["m"] as? Double)), 1e-6))
            #expect(agree(state.sum, Float(try #require(step["l"] as? Double)), 1e-6))
            for (found, expected) in zip(state.output, output) { #expect(agree(found, Float(expected), 1e-6)) }
        }
        let end: [Double] = try vectors.value("numeric", "flash_online_softmax_row3", "outputs", "final_out")
        for (found, expected) in zip(state.result, end) { #expect(agree(found, Float(expected), 1e-6)) }
        let sum: Double = try vectors.value("numeric", "flash_online_softmax_row3", "outputs", "lse")
        #expect(agree(state.logSumExp, Float(sum), 1e-6))
    }

    /// Every row of the example, whole and with keys that a mask hides: what that moves the output by.
    @Test func outputsAreThoseOfTheReference() throws {
        let vectors = try TileVectors()
        let id = "sdpa_4x2_causal"
        let scores = try vectors.numbers(id, "outputs", "scores")
        let values = try vectors.numbers(id, "inputs", "V")
        func output(_ query: Int, hiding hidden: (Int) -> Bool) -> [Float] {
            var state = OnlineSoftmax(dimension: 2)
            for key in 0...query { state.take([hidden(key) ? -.infinity : scores[query][key]]) { _ in values[key] } }
            return state.result
        }
        for (query, expected) in try vectors.numbers(id, "outputs", "out").enumerated() {
            #expect(zip(output(query) { _ in false }, expected).allSatisfy { agree($0, $1, 1e-6) }, "\(query)")
        }
        let others = try TileVectors("experts-and-distances")
        let keep: [Int] = try others.value("numeric", "masked_fidelity_row3", "inputs", "keep")
        func number(_ name: String) throws -> Double {
            try others.value("numeric", "masked_fidelity_row3", "outputs", name)
        }
        let (masked, full) = (output(3) { !keep.contains($0) }, output(3) { _ in false })
        let moved = zip(masked, full).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }.squareRoot()
        #expect(abs(moved - (try number("output_error"))) < 1e-6)
        // As much as the weight that is taken away, times how far what it read is from the rest: a quotient by 0.033.
        #expect(abs(moved / (try number("dropped_mass")) - (try number("gap"))) < 2e-5)
    }

    /// A tile that hides everything, also the first one, changes nothing: no exp(−∞ + ∞).
    @Test func hiddenTilesChangeNothing() {
        var state = OnlineSoftmax(dimension: 1)
        let hidden = state.take([-.infinity, -.infinity]) { _ in [7] }
        #expect(hidden == .init(factor: 0, added: 0, highest: -.infinity))
        #expect(state.sum == 0 && state.result == [0] && state.logSumExp == -.infinity)
        state.take([1, -.infinity]) { _ in [3] }
        let before = state
        #expect(state.take([-.infinity]) { _ in [7] }.factor == 1)
        #expect(state == before && state.result == [3] && state.logSumExp == 1)
    }

    /// Scores whose exponentials overflow by themselves.
    @Test func hugeScoresDoNotOverflow() {
        var state = OnlineSoftmax(dimension: 1)
        for score in [-1e4, 200, 1e4, 1e4] as [Float] { state.take([score]) { _ in [score] } }
        #expect(state.sum == 2 && state.result == [1e4] && state.highest == 1e4)
    }

    /// However the scores are cut, and in whatever order parts are joined, it is one softmax.
    @Test(arguments: [1, 2, 3, 7, 40]) func partsJoinToOneSoftmax(length: Int) {
        let scores = Sample.ids(40).map { Float($0) / 7 - 3 }
        let values = Sample.ids(40, seed: 5).map { [Float($0), -Float($0) / 3] }
        let whole = scores.reduce(0) { $0 + exp(Double($1)) }
        let expected = (0..<2).map { j in
            zip(scores, values).reduce(0) { $0 + exp(Double($1.0)) * Double($1.1[j]) } / whole
        }
        var parts: [OnlineSoftmax] = []
        var running = OnlineSoftmax(dimension: 2)
        for start in stride(from: 0, to: 40, by: length) {
            let part = Array(scores[start..<min(40, start + length)])
            running.take(part) { values[start + $0] }
            var alone = OnlineSoftmax(dimension: 2)
            alone.take(part) { values[start + $0] }
            parts.append(alone)
        }
        var merged = OnlineSoftmax(dimension: 2)
        for part in parts.reversed() { merged.merge(part) }
        for state in [running, merged] {
            #expect(agree(state.logSumExp, Float(log(whole)), 1e-5))
            for (found, right) in zip(state.result, expected) { #expect(agree(found, Float(right), 1e-4)) }
        }
    }
}
