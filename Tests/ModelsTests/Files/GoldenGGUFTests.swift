import Foundation
import TestSupport
import Testing

@testable import RopewalkModels

/// Reference outputs of small GGUF files: of what their blocks hold, computed in float64.
struct GoldenGGUFTests {
    static let names = [
        "bert", "bloom", "cohere2", "command_r", "deepseek_v2", "deepseek_v3", "exaone4", "falcon", "falcon_one",
        "gemma", "modern_bert", "t5", "t5_v11", "t5encoder",
        "gemma2", "gemma3", "gemma3n", "glm4", "gpt2", "gpt_oss", "gptneox", "granite", "granitemoe", "llama4",
        "mistral3", "mpt",
        "nemotron", "olmo", "olmo2", "olmo3", "phi2", "phi3", "qwen2", "qwen2moe", "qwen3", "qwen3moe", "small_Q4_0",
        "small_bpe_Q8_0", "small_llama3rope_Q8_0", "smollm3", "stablelm", "stablelm_normed", "starcoder2",
        "wide_mixed_K",
    ]

    @Test(arguments: names)
    func logitsAgree(name: String) throws {
        let fixture = try GoldenFixture(folder: Fixture.path("gguf/\(name)"))
        let model = try Model(contentsOf: fixture.folder + "/model.gguf", needsTokenizer: false)
        let recordings = try Recorder(model: model, threads: 2, keepsStates: true)
            .record(try GoldenModelTests.inputs(fixture))
        for tensor in fixture.required where tensor.hasPrefix("hidden_states") || tensor == "logits" {
            let parts = tensor.split(separator: ".")
            let index = parts.count > 1 ? try #require(Int(parts[1])) : 0
            let found = try #require(GoldenModelTests.tensor(String(parts[0]), index, recordings, model), "\(tensor)")
            let error = try fixture.error(found, in: tensor)
            #expect(error <= 1, "\(tensor): the error is \(error) of the tolerance")
        }
        #expect(["bert", "modern_bert", "t5encoder"].contains(name) || fixture.required.contains("logits"))
        let checkpoint = try GGUFCheckpoint(contentsOf: fixture.folder + "/model.gguf")
        #expect(checkpoint.unread == [], "what nothing asked for")
    }

    /// A model in three parts gives what it gives in one file.
    @Test func partsAgree() throws {
        let fixture = try GoldenFixture(folder: Fixture.path("gguf/small_Q4_0"))
        let ids = try fixture.ids()
        let logits = try ["small_Q4_0", "split"].map { name in
            let model = try Model(contentsOf: Fixture.path("gguf/\(name)"))
            return model.logits(after: ids.count - 1, in: try Recorder(model: model, threads: 1).record(ids))
        }
        #expect(logits[0] != nil && logits[0] == logits[1])
    }

    /// Weights that stay as the file has them give what widened ones give.
    @Test(arguments: ["small_Q4_0", "wide_mixed_K"]) func storedWeightsAgree(name: String) throws {
        let checkpoint = try GGUFCheckpoint(contentsOf: Fixture.path("gguf/\(name)/model.gguf"))
        let outline = try ModelOutline(
            Configuration(file: checkpoint.path, root: checkpoint.configuration), path: checkpoint.path, name: name)
        let widened = try outline.members.load(Weights(checkpoint, limit: .max))
        let stored = try outline.members.load(Weights(checkpoint, limit: 0))
        let a = try #require(widened.decoder?.blocks.first?.mixer.attention)
        let b = try #require(stored.decoder?.blocks.first?.mixer.attention)
        #expect(a.query.row(3).elementsEqual(b.query.row(3)))
        #expect(a.output.row(1).elementsEqual(b.output.row(1)))
    }
}
