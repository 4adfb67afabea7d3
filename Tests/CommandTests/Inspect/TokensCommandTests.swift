import Foundation
import TestSupport
import Testing

@Suite struct TokensCommandTests {
    private let gpt2 = Fixture.path("tokenizers/bytelevel_gpt2")

    @Test func jsonHasIdsTokensOffsetsAndBytes() throws {
        let run = try CommandRun(["tokens", "-", "--json", "--model", gpt2], input: Data("Hé, w".utf8))
        run.expectFine()
        let object = try run.object()
        #expect(Set(object.keys) == ["ids", "tokens", "offsets", "bytes"])
        let bytes = try #require(object["bytes"] as? [[Int]])
        #expect(bytes.first?.first == 0)
        #expect(bytes.last?.last == 6)
        let offsets = try #require(object["offsets"] as? [[Int]])
        #expect(offsets.last?.last == 5)
        #expect((object["ids"] as? [Int])?.count == bytes.count)
        #expect((object["tokens"] as? [String])?.first == "H")
    }

    /// The whole way through the command line; each case alone is the tokenizer's own test.
    @Test(arguments: ["gpt2", "llama3"]) func batchAgreesWithTheLibrary(kind: String) throws {
        let folder = Fixture.path("tokenizers/bytelevel_\(kind)")
        let fixture = try #require(
            try JSONSerialization.jsonObject(with: Fixture.data("tokenizers/bytelevel_\(kind)/cases.json"))
                as? [String: Any])
        let cases = try #require(fixture["cases"] as? [[String: Any]])
        let scratch = try Scratch()
        let batch = cases.map { $0.filter { ["text", "add_special_tokens"].contains($0.key) } }
        let file = try scratch.file("batch.json", try JSONSerialization.data(withJSONObject: batch))
        let run = try CommandRun(["tokens", "--model", folder + "/tokenizer.json", "--batch", file])
        run.expectFine()
        let found = try run.objects()
        #expect(found.count == cases.count)
        for (found, expected) in zip(found, cases) {
            #expect(found["ids"] as? [Int] == expected["ids"] as? [Int])
            #expect(found["offsets"] as? [[Int]] == expected["offsets"] as? [[Int]])
            #expect(found["decoded"] as? String == expected["decoded"] as? String)
        }
    }

    @Test func batchTakesStringsToo() throws {
        let scratch = try Scratch()
        let run = try CommandRun([
            "tokens", "--model", gpt2, "--batch", try scratch.file("b.json", #"["a", {"text": "b"}]"#),
        ])
        run.expectFine()
        #expect(try run.objects().map { $0["decoded"] as? String } == ["a", "b"])
    }

    /// What the model makes of unknown text is no special token that was written.
    @Test func unknownTextIsNoSpecialToken() throws {
        let model = Fixture.path("tokenizers/wordpiece_uncased")
        let made = try CommandRun(["tokens", "-", "--json", "--model", model], input: Data("a \u{1F9A9}".utf8))
        made.expectFine()
        #expect((try made.object()["tokens"] as? [String])?.contains("[UNK]") == true)
        let written = try CommandRun(["tokens", "-", "--json", "--model", model], input: Data("\u{1F9A9} [UNK]".utf8))
        #expect(written.errors.contains("written in the text: 1 are parsed"))
    }

    @Test func specialTokensInTheTextAreParsedOrText() throws {
        let text = Data("a<|bos|>".utf8)
        let parsed = try CommandRun(["tokens", "-", "--json"], input: text)
        #expect(parsed.status == 0 && parsed.errors.contains("1 are parsed; --special text takes them as text"))
        let plain = try CommandRun(["tokens", "-", "--json", "--special", "text"], input: text)
        plain.expectFine()
        let counts = try [parsed, plain].map { try #require(try $0.object()["ids"] as? [Int]).count }
        #expect(counts[0] < counts[1])
        try CommandRun("tokens --special none").expectError("--special")
        // What is shown of it has the same tokens, those of a second model too.
        for (how, count) in zip(["parse", "text"], counts) {
            let shown = try CommandRun(["render", "-", "--special", how, "--size", "120x30"], input: text)
            shown.expectFine()
            #expect(shown.output.contains("· \(count) tokens "))
        }
        let beside = try CommandRun(
            ["render", "-", "--special", "text", "--beside", "samples/books-4m-direct-2k", "--size", "160x40"],
            input: text)
        beside.expectFine()
        #expect(beside.output.contains("· \(counts[1]) tokens "))
    }

    @Test func badBatchesAreNamed() throws {
        let scratch = try Scratch()
        let number = try scratch.file("a.json", "[1]")
        try CommandRun(["tokens", "--model", gpt2, "--batch", number]).expectError(number, "element 0")
        let object = try scratch.file("b.json", "{}")
        try CommandRun(["tokens", "--model", gpt2, "--batch", object]).expectError(object, "array")
        let deep = try scratch.file("c.json", String(repeating: "[", count: 100_000))
        try CommandRun(["tokens", "--model", gpt2, "--batch", deep]).expectError(deep, "nested deeper")
    }

    @Test func theTableIsOneLineAToken() throws {
        let run = try CommandRun("tokens --tokens 7")
        run.expectFine()
        #expect(run.lines.count == 8)
        #expect(run.lines[1].hasSuffix("<|bos|>"))
    }

    /// People read which part of which character a token is, as on the screen; programs read its bytes.
    @Test func partsOfCharactersAreNamedByTheirCharacter() throws {
        let scratch = try Scratch()
        let file = try scratch.file("zh.txt", "从前有座山")
        let table = try CommandRun(["tokens", file])
        table.expectFine()
        #expect(table.output.contains("从 1/3") && table.output.contains("从 3/3") && !table.output.contains("\\x"))
        let keys = ["ask", "keys", file, "--at", "12", "--head", "3.7"]
        #expect(try CommandRun(keys).output.contains("/3"))
        for format in ["json", "csv"] {
            let data = try CommandRun(keys + ["--format", format]).output
            #expect(data.contains("xE") && !data.contains("/3"), "\(format)")
        }
    }

    @Test func idsAreTokensWithoutText() throws {
        let scratch = try Scratch()
        let run = try CommandRun(["tokens", "--ids", try scratch.file("i.json", "[0, 41]"), "--json"])
        run.expectFine()
        #expect(try run.object()["ids"] as? [Int] == [0, 41])
        let bad = try scratch.file("bad.json", "[0, 1.5]")
        try CommandRun(["tokens", "--ids", bad]).expectError(bad, "element 1")
    }

    @Test func aTextMayBeEmpty() throws {
        let run = try CommandRun(["tokens", "-", "--json", "--model", gpt2])
        run.expectFine()
        #expect(try run.object()["ids"] as? [Int] == [])
    }

    @Test func badTextsAreNamed() throws {
        let scratch = try Scratch()
        try CommandRun(["tokens", try scratch.file("a", Data([0x61, 0xFF]))]).expectError("byte 1", "UTF-8", "iconv")
        try CommandRun(["tokens", try scratch.file("b", Data([0x61, 0]))]).expectError("byte 1", "binary")
        try CommandRun("tokens /nonexistent/text").expectError("/nonexistent/text", "No such file")
        try CommandRun("tokens /tmp").expectError("/tmp", "directory")
    }
}
