import Foundation
import Testing

@Suite struct BrokenModelTests {
    private let model: BrokenModel

    init() throws { model = try BrokenModel() }

    @Test func aWholeModelRuns() throws {
        try model.trace().expectFine()
        #expect(model.leftOvers == ["out.safetensors"])
    }

    @Test func truncatedWeightsAreNamed() throws {
        try model.truncate(by: 100)
        try model.trace().expectError("model.safetensors", "100 bytes after the file's end")
        try model.truncate(by: 1 << 30)
        try model.trace().expectError("model.safetensors", "too few for a header")
        #expect(model.leftOvers == [])
    }

    @Test func aMissingTensorIsNamed() throws {
        try model.remove("model.layers.1.mlp.up_proj.weight")
        try model.trace().expectError("model.layers.1.mlp.up_proj.weight", "missing")
        let info = try CommandRun(["info", model.path, "--json"])
        info.expectFine()
        #expect(try info.object()["runs"] as? Bool == false)
        let missing = try #require(try info.object()["missing"] as? [String])
        #expect(missing.contains { $0.contains("tensor model.layers.1.mlp.up_proj.weight is missing") })
    }

    @Test func aWeightThatIsNoNumberIsNamed() throws {
        try model.spoil("model.norm.weight")
        try model.trace().expectError("model.norm.weight", "NaN or infinite at element 39")
    }

    @Test func whatNothingAsksForIsOneLine() throws {
        let path = model.path + "/config.json"
        let old = try String(contentsOfFile: path, encoding: .utf8)
        try model.setConfiguration("{\"logit_scale\": 0.5," + old.dropFirst())
        let run = try model.trace()
        #expect(run.status == 0 && run.errors == "ropewalk: \(model.path): not read: logit_scale = 0.5\n")
        let info = try CommandRun(["info", model.path])
        info.expectFine()
        #expect(info.output.contains("not read") && info.output.contains("logit_scale = 0.5"))
    }

    @Test func deepConfigurationsAreRefused() throws {
        try model.setConfiguration(String(repeating: "{\"a\":", count: 200_000))
        try model.trace().expectError("config.json", "nested deeper")
    }

    @Test func impossibleSizesAreRefused() throws {
        try model.setConfiguration(#"{"model_type": "llama", "hidden_size": 99999999999999}"#)
        try model.trace().expectError("config.json", "hidden_size", "1 to")
        try model.setConfiguration(
            #"{"hidden_size": 16777216, "num_attention_heads": 16384, "num_hidden_layers": 4096, "#
                + #""vocab_size": 16777216, "intermediate_size": 16777216}"#)
        try model.trace().expectError("embed_tokens", "16777216")
    }

    @Test func unknownFamiliesAreNamed() throws {
        try model.setConfiguration(#"{"model_type": "hyena", "hidden_size": 40}"#)
        try model.trace().expectError("hyena", "known are llama")
        let info = try CommandRun(["info", model.path])
        info.expectFine()
        #expect(info.output.contains("hyena") && info.output.contains("tensors"))
    }

    @Test func nothingToReadIsAnError() throws {
        for line in ["info /nonexistent", "heads --model /nonexistent", "render --beside /nonexistent"] {
            try CommandRun(line).expectError("/nonexistent does not exist (ropewalk models lists names)")
        }
        let text = try model.scratch.file("text.txt", "A text that is no model.")
        try CommandRun(["info", text]).expectError(
            "text.txt: is no file of a model: a folder with config.json, a .gguf or a .safetensors is wanted")
        try CommandRun(["info", model.ids]).expectError(model.ids)
    }

    @Test func badTokensAreNamed() throws {
        let bad = try model.scratch.file("bad.json", "[1, 64]")
        try CommandRun(["heads", "--model", model.path, "--ids", bad]).expectError("token 1 has id 64", "0 to 63")
        let none = try model.scratch.file("none.json", "[]")
        try CommandRun(["heads", "--model", model.path, "--ids", none]).expectError("no tokens")
        let empty = try model.scratch.file("empty.txt", "")
        try CommandRun(["heads", empty]).expectError(empty, "no text")
        try CommandRun(["heads", "--model", model.path, empty]).expectError("tokenizer.json")
    }
}
