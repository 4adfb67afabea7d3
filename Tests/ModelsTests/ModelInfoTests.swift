import Formats
import TestSupport
import Testing

@testable import Models

@Suite struct ModelInfoTests {
    /// What a configuration asks for is what its checkpoint has, no more and no less.
    @Test(arguments: GoldenModelTests.names) func theListOfTensorsIsComplete(name: String) throws {
        let folder = Fixture.path("hf/\(name)")
        let outline = try ModelOutline(contentsOf: folder)
        let checkpoint = try CheckpointFiles(folder: folder)
        var expected = Set(outline.llama.tensors.map { "model." + $0.name })
        if !outline.llama.tiesEmbeddings { expected.insert("lm_head.weight") }
        #expect(expected == Set(checkpoint.tensorNames))
        let info = try ModelInfo(contentsOf: folder)
        #expect(info.runs)
        #expect(info.missing.count == 1 && info.missing[0].contains("tokenizer.json"))
        #expect(info.sizes?.layers == outline.shape.layers)
    }
}
