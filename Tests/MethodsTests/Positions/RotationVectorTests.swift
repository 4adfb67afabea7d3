import Foundation
import RopewalkMethods
import Testing

/// Whole vectors turned by the angles of plain RoPE, in both layouts of pairs.
@Suite struct RotationVectorTests {
    let vectors: ReferenceVectors
    init() throws { vectors = try ReferenceVectors() }

    let turning = Turning(
        RoPE().rotation(in: RotaryContext(dimensions: 8, base: 10000, trainedWindow: 256, tokens: 1024)))

    @Test(arguments: ["interleaved", "half"]) func turnedVectorsAndScores(layout: String) throws {
        let pairs: [[Int]] = try vectors.value("rope.layout.d8", "outputs.\(layout)Pairs")
        let query: [Double] = try vectors.value("rope.rotate.d8", "inputs.q")
        let key: [Double] = try vectors.value("rope.rotate.d8", "inputs.k")
        let turned: [String: [Double]] = try vectors.value("rope.rotate.d8", "outputs.rotatedQ.\(layout)")
        #expect(turned.count == 4)
        for (position, expected) in turned {
            let token = try #require(Int(position))
            for (a, b) in zip(turn(query, pairs, token), expected) { #expect(abs(a - b) <= 1e-12) }
        }
        let places: [[Int]] = try vectors.value("rope.rotate.d8", "inputs.pairs_mn")
        let scores: [Double] = try vectors.value("rope.rotate.d8", "outputs.dot.\(layout)")
        for (place, expected) in zip(places, scores) {
            let score = zip(turn(query, pairs, place[0]), turn(key, pairs, place[1])).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(score - expected) <= 1e-12)
        }
    }

    func turn(_ vector: [Double], _ pairs: [[Int]], _ token: Int) -> [Double] {
        var result = vector
        for (pair, angle) in zip(pairs, turning.angles(token: token)) {
            let (a, b) = (vector[pair[0]], vector[pair[1]])
            result[pair[0]] = a * cos(angle) - b * sin(angle)
            result[pair[1]] = a * sin(angle) + b * cos(angle)
        }
        return result
    }

    @Test func rangeOfTraining() throws {
        let range = TrainedRange(RotaryContext(dimensions: 8, base: 10000, trainedWindow: 256, tokens: 256))
        #expect(agree((0..<4).map(range.maximumAngle), try vectors.value("rope.freq.d8", "outputs.trainedMaxAngle")))
    }

    /// An entry that is new in the file must be held to by a test, then listed here.
    @Test func everyEntryIsTested() throws {
        let tested: Set = [
            "abf.d8", "alibi.bias", "alibi.h12", "alibi.h16", "alibi.h8", "base_truncation.d16", "dca.code",
            "dca.paper12", "dynamic_ntk.d8.f1", "dynamic_ntk.d8.f2", "dynamic_ntk.kv_mismatch", "leaky_rerope.book.d8",
            "leaky_rerope.d8", "llama3.d128.llama31", "llama3.d16", "llama3.d8", "longrope.d8", "ntk.d8",
            "ntk_by_parts.paper.d16", "ntk_by_parts.v0.d16", "ntk_mixed.d8", "ood.table.d16", "p_rope.d16",
            "partial_rotary.d16", "pi.d8", "power_scaling.d8", "rerope.d8", "rope.critical.models", "rope.freq.d16",
            "rope.freq.d8", "rope.layout.d8", "rope.rotate.d8", "self_extend.d8", "self_extend.matrix16",
            "sinusoidal.d8", "transformer_xl.scores", "xpos.d8", "yarn.d128.llama2", "yarn.d16", "yarn.d16.notrunc",
        ]
        #expect(try vectors.ids("position") == tested)
    }
}
