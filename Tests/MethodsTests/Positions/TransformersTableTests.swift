import Foundation
import RopewalkMethods
import TestSupport
import Testing

/// The tables of `ropewalk rope --json` against what transformers computes in float32 from configurations.
@Suite struct TransformersTableTests {
    struct Case: Decodable {
        struct Parameters: Decodable {
            let ropeType: String
            let ropeTheta: Double
            let factor: Double?
            let lowFreqFactor: Double?
            let highFreqFactor: Double?
            let originalMaxPositionEmbeddings: Int?
            let betaFast: Double?
            let betaSlow: Double?
            let mscale: Double?
            let mscaleAllDim: Double?
            let truncate: Bool?
            let shortFactor: [Double]?
            let longFactor: [Double]?
        }
        let maxPositionEmbeddings: Int
        let ropeParameters: Parameters
        let seqLen: Int?
        let attentionScaling: Double
        let rotaryDim: Int
        let invFreq: [Double]
    }

    struct File: Decodable { let cases: [String: Case] }

    /// The method that a configuration stands for.
    func method(_ example: Case) -> any PositionMethod {
        let rope = example.ropeParameters
        let factor = rope.factor ?? 1
        let original = rope.originalMaxPositionEmbeddings ?? 0
        switch rope.ropeType {
        case "linear": return PositionInterpolation(factor: factor)
        case "dynamic": return DynamicNTK(factor: factor)
        case "llama3":
            return Llama3Scaling(
                factor: factor, low: rope.lowFreqFactor ?? 1, high: rope.highFreqFactor ?? 4, original: original)
        case "yarn":
            return YaRN(
                factor: factor, betaFast: rope.betaFast ?? 32, betaSlow: rope.betaSlow ?? 1,
                attentionFactor: YaRN.attentionFactor(
                    factor: factor, mscale: rope.mscale ?? 0, mscaleAllDim: rope.mscaleAllDim ?? 0),
                original: original, truncate: rope.truncate ?? true)
        case "longrope":
            return LongRoPE(
                factor: Double(example.maxPositionEmbeddings) / Double(original), original: original,
                short: rope.shortFactor ?? [], long: rope.longFactor ?? [])
        default: return RoPE()
        }
    }

    @Test func everyRopeTypeAgrees() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let cases = try decoder.decode(File.self, from: Fixture.data("vectors/rope-tables.json")).cases
        let types = Set(cases.values.map(\.ropeParameters.ropeType))
        #expect(types == ["default", "linear", "dynamic", "llama3", "yarn", "longrope"])
        for (name, example) in cases {
            let context = RotaryContext(
                dimensions: example.rotaryDim, base: example.ropeParameters.ropeTheta,
                trainedWindow: example.maxPositionEmbeddings,
                tokens: example.seqLen ?? example.maxPositionEmbeddings)
            let json = try RopeTable(method: method(example), in: context).json()
            let table = try decoder.decode(RopeTable.self, from: Data(json.utf8))
            #expect(table.subspaces.count == example.invFreq.count, "\(name)")
            // The reference computed in float32: pow and a few operations, each off by up to 6e-8 relative.
            for (subspace, expected) in zip(table.subspaces, example.invFreq) {
                #expect(abs(subspace.inverseFrequency - expected) <= 3e-6 * expected, "\(name) \(subspace.index)")
            }
            #expect(abs(table.attentionFactor - example.attentionScaling) <= 1e-12, "\(name)")
        }
    }
}
