import Foundation
import TestSupport
import Testing

/// `ropewalk models`, and `--model` with a name.
@Suite struct ModelsCommandTests {
    let scratch: Scratch
    let environment: [String: String]

    init() throws {
        scratch = try Scratch()
        let entry = scratch.path("hub/models--org--tiny")
        let files = FileManager.default
        for folder in ["refs", "snapshots/0123"] {
            try files.createDirectory(atPath: entry + "/" + folder, withIntermediateDirectories: true)
        }
        for name in ["config.json", "model.safetensors"] {
            try files.createSymbolicLink(
                atPath: entry + "/snapshots/0123/" + name, withDestinationPath: Fixture.path("hf/llama_tied/" + name))
        }
        try Data("0123".utf8).write(to: URL(fileURLWithPath: entry + "/refs/main"))
        try files.createDirectory(atPath: scratch.path("hub/models--org--broken"), withIntermediateDirectories: true)
        environment = ["HF_HUB_CACHE": scratch.path("hub"), "HOME": scratch.path("home"), "XDG_CACHE_HOME": ""]
    }

    private func run(_ words: String...) throws -> CommandRun { try CommandRun(words, environment: environment) }

    @Test func modelsAreListed() throws {
        let run = try run("models")
        run.expectFine()
        let line = try #require(run.lines.first { $0.hasPrefix("org/tiny") })
        #expect(line.contains("Hugging Face") && line.contains("llama") && line.contains("yes"))
        let broken = try #require(run.lines.first { $0.hasPrefix("org/broken") })
        #expect(broken.contains("no") && broken.contains("has no snapshot"))
        #expect(run.lines.last?.hasPrefix("looked in \(scratch.path("hub"))") == true)
    }

    @Test func modelsAreListedAsJSON() throws {
        let run = try run("models", "--json")
        run.expectFine()
        let models = try run.objects().filter { $0["place"] as? String != "Ropewalk" }
        #expect(models.map { $0["name"] as? String } == ["org/broken", "org/tiny"])
        #expect(models.map { $0["runs"] as? Bool } == [false, true])
        #expect(models[0]["path"] is NSNull && models[1]["window"] is Int)
    }

    @Test func theBundledModelsComeFirst() throws {
        let models = try CommandRun(
            ["models", "--json"], environment: ["HF_HUB_CACHE": "", "HOME": scratch.path("home")])
        models.expectFine()
        let first = try #require(try models.objects().first)
        #expect((first["name"] as? String)?.hasSuffix("samples/books-4m") == true && first["runs"] as? Bool == true)
    }

    @Test func namesStandForModels() throws {
        let ids = try scratch.file("ids.json", "[1,2,3]")
        for words in [
            ["info", "org/tiny"], ["rope", "--model", "org/tiny"], ["heads", "--ids", ids, "--model", "org/tiny"],
        ] {
            let run = try CommandRun(words, environment: environment)
            run.expectFine()
        }
        #expect(try run("info", "org/tiny").lines.first?.hasSuffix(" tiny") == true)
        try run("heads", "--model", "org/tinny").expectError("no model of that name in", "org/tiny", "ropewalk models")
        try run("info", scratch.path("hub")).expectError("is no model but holds 2: org/broken, org/tiny; name one")
    }
}
