import Foundation
import TestSupport
import Testing

/// Recordings in folders: written, opened, gone on with.
@Suite struct RecordCommandTests {
    private let scratch: Scratch
    private var folder: String { scratch.path("alice.recording") }
    private static let text = Fixture.project.appendingPathComponent("samples/texts/alice.txt").path

    init() throws { scratch = try Scratch() }

    private func record(_ options: String = "", tokens: Int = 700) throws -> CommandRun {
        try CommandRun(
            ["record", Self.text, "--tokens", "\(tokens)", "--out", folder]
                + options.split(separator: " ").map(String.init))
    }

    private func ask(_ what: String, _ subject: [String]) throws -> CommandRun {
        try CommandRun(
            ["ask"] + what.split(separator: " ").prefix(1).map(String.init) + subject
                + what.split(separator: " ").dropFirst().map(String.init))
    }

    @Test func answersAreThoseOfTheModel() throws {
        let run = try record()
        #expect(run.status == 0 && run.output.isEmpty && run.errors.contains("700 of 700 tokens"), "\(run.errors)")
        for question in ["keys --at 203 --head 1.3", "received", "entropy", "sentences --head 2.1", "surprises"] {
            let stored = try ask(question, [folder])
            let read = try ask(question, [Self.text, "--tokens", "700"])
            stored.expectFine()
            #expect(stored.output == read.output && !stored.output.isEmpty, "\(question)")
            let named = try ask(question, ["--model", folder])
            #expect(named.output == read.output, "\(question)")
        }
    }

    @Test func otherMethodsArePreviews() throws {
        _ = try record()
        let run = try ask("keys --at 203 --head 1.3 --method window:size=64", [folder])
        #expect(run.status == 0 && run.errors.contains("preview") && !run.output.isEmpty)
        try CommandRun(["ask", "layers", folder, "--at", "20"]).expectError("recording")
        try CommandRun(["ask", "keys", folder, "--head", "1.3", "--at", "3", "--tokens", "20"]).expectError("--tokens")
        try CommandRun(["record", "--model", folder, "--out", scratch.path("b")]).expectError("is a recording")
    }

    @Test func opensOnTheScreen() throws {
        _ = try record()
        let stored = try CommandRun(["render", folder, "--size", "120x40"])
        stored.expectFine()
        let read = try CommandRun(["render", Self.text, "--tokens", "700", "--size", "120x40"])
        #expect(stored.lines[0].contains("exact"), "\(stored.output)")
        #expect(stored.lines.count == read.lines.count)
        let masked = try CommandRun(["render", folder, "--method", "window:size=64"])
        masked.expectFine()
        #expect(masked.lines[0].contains("preview"), "\(masked.lines[0])")
    }

    @Test func goesOnWhereItWasStopped() throws {
        _ = try record(tokens: 1500)
        let index = folder + "/recording.json"
        let whole = try String(contentsOfFile: index, encoding: .utf8)
        let lines = whole.split(separator: "\n").filter { !$0.contains("part-00001") && !$0.contains("part-00002") }
        #expect(lines.count < whole.split(separator: "\n").count)
        let cut = lines.map { $0.contains("part-00000") ? String($0.dropLast()) : String($0) }.joined(separator: "\n")
            .replacingOccurrences(of: "\"complete\": true", with: "\"complete\": false")
        try cut.write(toFile: index, atomically: true, encoding: .utf8)
        let opened = try CommandRun(["ask", "keys", folder, "--head", "1.3", "--at", "3"])
        #expect(opened.status == 2 && opened.errors.contains("ends after token"), "\(opened.errors)")
        let run = try record(tokens: 1500)
        #expect(run.status == 0 && run.errors.contains("goes on after token"), "\(run.errors)")
        #expect(try String(contentsOfFile: index, encoding: .utf8) == whole)
        // Nothing is left to be done.
        #expect(try record(tokens: 1500).status == 0)
        try record(tokens: 600).expectError("another recording")
        try record("--precision q8", tokens: 1500).expectError("another recording")
    }

    @Test(arguments: ["f16", "bf16", "q8"]) func keepsLess(precision: String) throws {
        let exact = try record()
        #expect(exact.status == 0)
        let bytes = try size(folder)
        try FileManager.default.removeItem(atPath: folder)
        #expect(try record("--precision \(precision)").status == 0)
        #expect(try size(folder) < bytes)
        try ask("received", [folder]).expectFine()
    }

    @Test func someHeadsAlone() throws {
        #expect(try record("--layers 1 --heads 0,3").status == 0)
        let run = try ask("keys --at 203 --head 1.3", [folder])
        run.expectFine()
        #expect(run.output == (try ask("keys --at 203 --head 1.3", [Self.text, "--tokens", "700"])).output)
        try CommandRun(["render", folder, "--layer", "1", "--head", "3"]).expectFine()
        try CommandRun(["render", folder, "--layer", "0", "--head", "0"]).expectFine()
    }

    private func size(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("part-") }.reduce(0) {
            let size = try FileManager.default.attributesOfItem(atPath: folder + "/" + $1)[.size] as? Int
            return $0 + (size ?? 0)
        }
    }

    @Test func recordsAList() throws {
        let (one, two) = (scratch.path("one"), scratch.path("two"))
        let lines = [
            ["text": Self.text, "tokens": "300", "out": one], ["text": Self.text, "tokens": "200", "out": two],
        ]
        let texts = try lines.map { String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) }
        let list = try scratch.file("list.jsonl", texts.joined(separator: "\n\n"))
        let run = try CommandRun(["record", "--list", list])
        #expect(
            run.status == 0 && run.errors.contains("300 of 300") && run.errors.contains("200 of 200"), "\(run.errors)")
        // What is there is passed over.
        let again = try CommandRun(["record", "--list", list])
        #expect(again.status == 0 && again.errors.contains("complete"), "\(again.errors)")
        let wrong = try scratch.file("wrong.jsonl", texts[0] + "\n{\"text\": \"a\", \"output\": \"b\"}")
        try CommandRun(["record", "--list", wrong]).expectError("line 2", "output")
        try CommandRun(["record", Self.text]).expectError("--out")
    }

    @Test func headsOverSeveralRecordings() throws {
        #expect(try record(tokens: 300).status == 0)
        let other = scratch.path("other")
        #expect(try CommandRun(["record", Self.text, "--tokens", "500", "--out", other]).status == 0)
        let run = try CommandRun(["heads", "--recordings", folder, other, "--json", "--layers", "1"])
        run.expectFine()
        let heads = try run.objects()
        let one = try CommandRun(["heads", "--recordings", folder, "--json", "--layers", "1"]).objects()
        let two = try CommandRun(["heads", "--recordings", other, "--json", "--layers", "1"]).objects()
        #expect(!heads.isEmpty && heads.count == one.count)
        for (place, head) in heads.enumerated() {
            let (a, b) = (one[place]["entropy"] as? Double ?? 0, two[place]["entropy"] as? Double ?? 0)
            #expect(abs((head["entropy"] as? Double ?? 0) - (a + b) / 2) < 1e-3)
            #expect(abs((head["entropy_deviation"] as? Double ?? 0) - abs(a - b) / 2.0.squareRoot()) < 1e-3)
        }
        try CommandRun(["heads", "--recordings", Self.text]).expectError("no recording")
    }

    @Test func refusesAFolderOfSomethingElse() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "x".write(toFile: folder + "/notes.md", atomically: true, encoding: .utf8)
        try record().expectError("name a new folder")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["notes.md"])
    }
}
