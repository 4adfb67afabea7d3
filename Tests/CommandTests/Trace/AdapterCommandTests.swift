import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// `--adapter` and `--beside-base`.
@Suite struct AdapterCommandTests {
    private static let model = Fixture.path("adapters/llama")
    private static let adapter = Fixture.path("adapters/llama/adapter")

    private static func ids(_ scratch: Scratch) throws -> String {
        try scratch.file("ids.json", "[0, 7, 14, 21, 28, 35, 42, 1]")
    }

    @Test func tracesAreMadeWithIt() throws {
        let scratch = try Scratch()
        let ids = try Self.ids(scratch)
        var logits: [Data] = []
        for arguments in [[], ["--adapter", Self.adapter]] {
            let out = scratch.path("trace\(arguments.count).safetensors")
            let run = try CommandRun(["trace", "--model", Self.model, "--ids", ids, "--out", out] + arguments)
            #expect(run.status == 0, "\(run.errors)")
            let file = try SafetensorsFile(contentsOf: out)
            logits.append(try #require(file.bytes(of: "logits")))
        }
        #expect(logits[0] != logits[1])
    }

    @Test func theScreenNamesIt() throws {
        let scratch = try Scratch()
        let ids = try Self.ids(scratch)
        let arguments = ["render", "--model", Self.model, "--adapter", Self.adapter, "--ids", ids]
        let run = try CommandRun(arguments)
        #expect(run.status == 0 && run.output.contains("llama + adapter"), "\(run.output)")
        // Without its adapter it reads the same tokens, whoever knows what they say.
        let both = try CommandRun(arguments + ["--beside-base", "--size", "160x40"])
        #expect(both.status == 0 && both.output.contains("╭─ llama ─"), "\(both.output)")
        // What else stands beside it must cut texts, and this model has no tokenizer.
        try CommandRun(arguments + ["--beside", Self.model]).expectError("llama/tokenizer.json")
    }

    @Test func wrongUseIsAnError() throws {
        try CommandRun(["render", "--model", Self.model, "--beside-base"]).expectError(
            "give --adapter or --weights-like too")
        try CommandRun(["render", "--beside", Self.model, "--beside-base", "--adapter", Self.adapter])
            .expectError("give one")
        try CommandRun(["trace", "--model", Self.model, "--adapter", "/no/such", "--ids", "x", "--out", "y"])
            .expectError("/no/such")
        try CommandRun(["info", Self.adapter]).expectError("holds an adapter (LORA) of example/llama")
        try CommandRun(["compare", "--model", Self.model, "--model", Self.model, "--adapter", Self.adapter])
            .expectError("--adapter belongs to one model")
    }

    @Test func infoSaysHowWeightsAreStored() throws {
        let run = try CommandRun(["info", Fixture.path("quantised/awq")])
        #expect(run.status == 0 && run.output.contains("AWQ, 4 bits, groups of 16"))
    }
}
