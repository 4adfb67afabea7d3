import RopewalkKernels
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// Under windows that forget a run keeps the keys that queries can still see, and leaves behind what one that keeps all does.
struct ForgettingTests {
    private static let ids = (0..<3000).map { Int32($0 * 31 % 53 + 2) }

    /// Chunks of 256 tokens have room for few keys; one chunk of the whole text has all of them. Products of other numbers
    /// of rows add up in another order: rounding of float32, some 1e-6 of states of size 1, through two layers.
    @Test(arguments: [
        ("llama_default", ["lambda:sink=4,window=100"]), ("llama_default", ["window:size=300"]),
        ("llama_default", ["streaming:sink=300,recent=64"]), ("mistral", []), ("gemma2", []),
        ("gpt_oss", []), ("llama_default", ["dilated:size=16,dilation=4"]),
    ])
    func leavesBehindWhatARunWithAllKeysDoes(name: String, specs: [String]) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let scenario = specs.isEmpty ? nil : try Scenario(parsing: specs)
        let few = try Recorder(model: model, scenario: scenario, threads: 2, chunkSize: 256).record(Self.ids)
        let all = try Recorder(model: model, scenario: scenario, threads: 2, chunkSize: 3072).record(Self.ids)
        #expect(few.chunks.count == 12 && all.chunks.count == 1)
        let differences = zip(few.negativeLogLikelihood, all.negativeLogLikelihood).map { abs($0 - $1) }
        #expect(differences.count == 2999 && differences.allSatisfy { $0 <= 1e-4 })
        for layer in 0..<few.shape.layers {
            for query in stride(from: 5, to: 3000, by: 97) {
                for measure in [\AttentionSummary.logSumExp, \.entropy, \.sink, \.previous, \.distance] {
                    let a = try #require(few.measure(measure, layer: layer, head: 0, query: query))
                    let b = try #require(all.measure(measure, layer: layer, head: 0, query: query))
                    #expect(abs(a - b) <= 1e-3 * max(1, abs(b)), "\(layer) \(query)")
                }
            }
        }
    }
}
