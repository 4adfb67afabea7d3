import Foundation
import TestSupport
import Testing

final class GenerateTests {
    private let scratch: Scratch
    private let ids: String

    init() throws {
        scratch = try Scratch()
        ids = try scratch.file("ids.json", "[12, 25, 38, 51, 8, 21, 34, 47, 4]")
    }

    private func objects(_ run: CommandRun) throws -> [[String: Any]] {
        try run.lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func idsAreContinuedWithoutATokenizer() throws {
        let run = try CommandRun("generate --ids \(ids) --model \(Fixture.path("hf/mistral")) --count 5 --ignore-end")
        run.expectFine()
        let found = run.lines.compactMap { Int($0) }
        #expect(found.count == 5)
        let json = try CommandRun(
            "generate --ids \(ids) --model \(Fixture.path("hf/mistral")) --count 5 --ignore-end --json --candidates 2")
        json.expectFine()
        let lines = try objects(json)
        #expect(lines.dropLast().map { $0["id"] as? Int } == found)
        #expect(lines.dropLast().map { $0["token"] as? Int } == [9, 10, 11, 12, 13])
        #expect(lines.last?["ended"] as? String == "count" && lines.last?["tokens"] as? Int == 5)
        for line in lines.dropLast() {
            let best = try #require(line["candidates"] as? [[String: Any]])
            #expect(best.count == 2 && best[0]["id"] as? Int == line["id"] as? Int)
        }
    }

    @Test func aPromptIsContinued() throws {
        let words = ["generate", "--prompt", "Alice was beginning to", "--count", "12"]
        let run = try CommandRun(words)
        run.expectFine()
        let last = try #require(try objects(try CommandRun(words + ["--json"])).last)
        #expect(run.output == (last["text"] as? String ?? "") + "\n")
        let drawn = words + ["--temperature", "0.9", "--top-p", "0.9", "--seed", "4"]
        #expect(try CommandRun(drawn).output == CommandRun(drawn).output)
        #expect(try CommandRun(drawn).output != run.output)
        let text = try scratch.file("prompt.txt", "Alice was beginning to")
        #expect(try CommandRun(["generate", text, "--count", "12"]).output == run.output)
    }

    @Test func textsEndBeforeAStop() throws {
        let words = ["generate", "--prompt", "Alice was beginning to", "--count", "40", "--json"]
        let whole = try #require(try objects(try CommandRun(words)).last?["text"] as? String)
        let middle = whole.index(whole.startIndex, offsetBy: whole.count / 2)
        let stop = String(whole[middle...].prefix(4))
        let last = try #require(try objects(try CommandRun(words + ["--stop", "never there", "--stop", stop])).last)
        #expect(last["ended"] as? String == "stop" && last["stop"] as? String == stop)
        let cut = try #require(whole.range(of: stop)).lowerBound
        #expect(last["text"] as? String == String(whole[..<cut]))
    }

    @Test func anAnswerComesFromADecoderBesideAnEncoder() throws {
        let run = try CommandRun("generate --ids \(ids) --model \(Fixture.path("hf/t5")) --count 4 --ignore-end")
        run.expectFine()
        #expect(run.lines.count == 4)
    }

    @Test func whatIsReadAnewIsSaid() throws {
        let words = "generate --ids \(ids) --model \(Fixture.path("hf/llama_default")) --count 130 --ignore-end"
        let run = try CommandRun(words + " --method dynamic-ntk")
        #expect(run.status == 0 && run.lines.count == 130)
        #expect(run.errors.contains("every token runs the whole text again"))
    }

    @Test func whatCannotBeIsRefused() throws {
        let model = Fixture.path("hf/mistral")
        try CommandRun("generate --ids \(ids) --model \(Fixture.path("hf/bert"))").expectError("has no decoder")
        try CommandRun("generate --ids \(ids) --model \(model) --temperature -1").expectError("--temperature")
        try CommandRun("generate --ids \(ids) --model \(model) --top-p 2").expectError("--top-p", "0 to 1")
        try CommandRun("generate --ids \(ids) --model \(model) --top-k 0").expectError("--top-k")
        try CommandRun(["generate", "--prompt", "a", "--top-k", "99999999"]).expectError("--top-k", "10,000,000")
        for option in ["--temperature", "--top-p", "--min-p"] {
            for value in ["abc", "-1", "nan", "inf", "1e3", ""] {
                try CommandRun(["generate", "--prompt", "a", option, value]).expectError(option, "a number from 0 to 1")
            }
        }
        try CommandRun(["generate", "--prompt", "a", "text.txt"]).expectError("--prompt")
        try CommandRun(["generate", "--prompt", "a", "--candidates", "3"]).expectError("--json")
        try CommandRun(["generate", "--prompt", "a", "--stop", ""]).expectError("stop")
        try CommandRun(["generate", "--prompt", "a", "--chat"]).expectError("chat template")
        try CommandRun(["generate", "--prompt", "a", "--system", "b"]).expectError("--chat")
        let long = try scratch.file("long.json", "\((0..<41).map { $0 })")
        try CommandRun("generate --ids \(long) --model \(Fixture.path("hf/gpt2"))").expectError("--tokens 40")
    }

    /// The first Ctrl-C ends the text, which is given out.
    @Test func anInterruptEndsTheText() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandRun.program)
        process.arguments = ["generate", "--prompt", "Alice", "--count", "1000000", "--ignore-end", "--json"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let first = pipe.fileHandleForReading.availableData
        #expect(!first.isEmpty)
        process.interrupt()
        let rest = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        let text = String(decoding: first + rest, as: UTF8.self)
        #expect(text.split(separator: "\n").last?.contains("\"ended\":\"cancelled\"") == true)
    }
}
