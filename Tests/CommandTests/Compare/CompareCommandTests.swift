import Foundation
import TestSupport
import Testing

@Suite struct CompareCommandTests {
    private static let keys: Set<String> = [
        "method", "model", "trained_window", "tokens", "texts", "perplexity", "perplexity_inside", "perplexity_past",
        "perplexity_per_thousand", "density", "mass_kept", "mass_kept_fifth_percentile", "mass_kept_worst",
        "output_errors", "divergence", "measured_queries", "kv_bytes", "flops",
    ]

    @Test func everyMethodAndModelIsALine() throws {
        let run = try CommandRun([
            "compare", Fixture.project.appendingPathComponent("samples/texts/moby-dick.txt").path, "--tokens", "1100",
            "--method", "rope", "--method", "ntk:factor=4 window:size=256", "--json",
        ])
        run.expectFine()
        let lines = try run.objects()
        #expect(lines.map { $0["method"] as? String } == ["rope", "ntk:factor=4 window:size=256"])
        for line in lines {
            #expect(Self.keys.isSubset(of: line.keys))
            #expect(line["model"] as? String == "books-4m" && line["trained_window"] as? Int == 512)
            #expect(line["tokens"] as? Int == 1100 && line["texts"] as? Int == 1)
            let stretches = try #require(line["perplexity_per_thousand"] as? [[String: Any]])
            #expect(stretches.map { [$0["from"] as? Int, $0["to"] as? Int] } == [[0, 1000], [1000, 1099]])
            let whole = try #require(line["perplexity"] as? Double)
            let inside = try #require(line["perplexity_inside"] as? Double)
            let past = try #require(line["perplexity_past"] as? Double)
            // The mean loss of the whole lies between those of its parts.
            #expect(min(inside, past) <= whole && whole <= max(inside, past))
        }
        // Without a text past the window there is nothing to say about it, but the key is there.
        let short = try CommandRun("compare --tokens 60 --method rope --json")
        #expect(try short.objects().first?["perplexity_past"] is NSNull)
    }

    @Test func theTableHasALineForEveryThousandPositions() throws {
        let run = try CommandRun("compare --tokens 300 --excerpts 2 --method rope --method pi:factor=2")
        run.expectFine()
        #expect(run.lines[0].contains("inside") && run.lines[0].contains("past"))
        #expect(run.lines[2].contains("pi:factor=2"))
        #expect(run.lines[3].hasPrefix("perplexity over 2 x 300 tokens"))
    }

    /// What no method for positions changes has no columns; a window has them.
    @Test func whatIsKeptIsToldWhereSomethingIsHidden() throws {
        let positions = try CommandRun("compare --tokens 200 --method rope --method pi:factor=2")
        positions.expectFine()
        #expect(!positions.output.contains("5th %") && positions.output.contains("which see all keys with each method"))
        let windows = try CommandRun("compare --tokens 200 --method rope --method window:size=16")
        windows.expectFine()
        #expect(windows.output.contains("5th %") && windows.output.contains("output error: mean over layers"))
    }

    /// Models with tokenizers of their own read the same bytes.
    @Test func modelsWithOtherTokensAreComparedByBytes() throws {
        let words = [
            "compare", "--tokens", "120", "--method", "rope", "--model",
            Fixture.project.appendingPathComponent("samples/books-4m").path, "--model",
            Fixture.path("gguf/small_bpe_Q8_0/model.gguf"),
        ]
        let run = try CommandRun(words + ["--json"])
        run.expectFine()
        let lines = try run.objects()
        #expect(lines.count == 2 && lines[0]["tokens"] as? Int == 120)
        #expect(lines[0]["tokens"] as? Int != lines[1]["tokens"] as? Int)
        let bits = try lines.map { try #require($0["bits_per_byte"] as? Double) }
        // A trained model beside one of random weights.
        #expect(bits[0] > 0.5 && bits[0] < bits[1])
        #expect(lines[0]["bytes"] as? Int == lines[1]["bytes"] as? Int)
        let table = try CommandRun(words)
        table.expectFine()
        #expect(table.lines[0].contains("bits/byte"))
        #expect(table.output.contains("the models cut the text into different tokens: compare bits per byte"))
        let same = try CommandRun("compare --tokens 60 --method rope --json")
        #expect(try same.objects().first?["bits_per_byte"] is NSNull)
    }

    @Test func whatCannotBeIsSaidBeforeAnyWork() throws {
        try CommandRun("compare --method pi:factor=0.5").expectError("factor", "1 to 1,024")
        try CommandRun("compare --method pi:factor=nan").expectError("factor", "1 to 1,024")
        try CommandRun("compare --method rerope:window=0").expectError("window", "1 to")
        try CommandRun(["compare", "--method", "longrope:factor=4,long=1/2/3"]).expectError("longrope", "3 numbers")
        try CommandRun(["compare", "--method", "pi yarn"]).expectError("pi", "yarn", "both position methods")
        try CommandRun("compare --excerpts 3").expectError("--tokens")
        let model = Fixture.path("hf/llama_default")
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[1]")
        try CommandRun(["compare", "--model", model, "--ids", ids]).expectError("two tokens")
    }
}
