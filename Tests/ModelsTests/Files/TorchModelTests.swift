import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// Models whose weights torch.save wrote give what the same weights as safetensors give, to the bit.
struct TorchModelTests {
    private static func logits(_ folder: String) throws -> [Float] {
        let model = try Model(contentsOf: Fixture.path(folder), needsTokenizer: false)
        #expect(model.unread.tensors.isEmpty)
        let recording = try Recorder(model: model, threads: 1).record((0..<12).map { Int32($0) })
        return try #require(model.logits(after: 0..<12, in: recording, workers: Workers(count: 1))).copy(rows: 0..<12)
    }

    @Test(arguments: ["torch/one", "torch/two"]) func logitsAreTheSame(folder: String) throws {
        let (found, expected) = (try Self.logits(folder), try Self.logits("hf/llama_bf16"))
        #expect(found == expected)
        let info = try ModelInfo(contentsOf: Fixture.path(folder))
        #expect(info.runs && info.tensors?.types == ["BF16": 21], "\(info.missing)")
    }
}
