import Foundation
import TestSupport
import Testing

/// Sessions through the built program: written, opened elsewhere, refused.
@Suite struct SessionCommandTests {
    private static let text = "Alice was beginning to get very tired of sitting by her sister on the bank.\n"

    private func screen(_ arguments: [String], in folder: String) throws -> CommandRun {
        try CommandRun(["render", "--size", "100x30"] + arguments, folder: folder)
    }

    @Test func whatIsSavedGoesOnInAnotherFolder() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(at: scratch.url("one"), withIntermediateDirectories: true)
        _ = try scratch.file("one/a.txt", Self.text)
        let one = scratch.path("one")
        let script = "goto token 9; note here; method window:size=4; wait; session.save w.json"
        let before = try screen(["a.txt", "--do", script], in: one)
        before.expectFine()
        #expect(before.output.contains("w.json is written"))
        try FileManager.default.moveItem(at: scratch.url("one"), to: scratch.url("two"))
        let after = try screen(["--session", "two/w.json"], in: scratch.path(""))
        after.expectFine()
        #expect(after.output.contains("noted: here") && after.output.contains("window:size=4"))
        #expect(after.output.contains("cursor 9"))
        // A file that is there stays.
        let refused = try screen(["a.txt", "--do", "session.save w.json"], in: scratch.path("two"))
        // Who asked for a file learns that there is none without reading the screen.
        refused.expectError("w.json is there already")
        for (script, why) in [
            ("save session a.txt", "a.txt would destroy"), ("save row no/where.csv", "no/where.csv"),
            ("save row", "row a.csv"),
        ] {
            let run = try screen(["a.txt", "--do", "wait; " + script], in: scratch.path("two"))
            run.expectError(why)
            #expect(!run.errors.contains("--out"))
        }
        try screen(["a.txt", "--do", "session.replace w.json"], in: scratch.path("two")).expectFine()
        _ = try scratch.file("two/a.txt", "He said: " + Self.text)
        let changed = try screen(["--session", "two/w.json"], in: scratch.path(""))
        #expect(changed.output.contains("a.txt has changed since"))
        try FileManager.default.removeItem(at: scratch.url("two/a.txt"))
        try screen(["--session", "two/w.json"], in: scratch.path("")).expectError("w.json: ", "two/a.txt")
    }

    @Test func whatIsMissingIsNamed() throws {
        let scratch = try Scratch()
        _ = try scratch.file("a.txt", Self.text)
        let session = """
            {"format": "ropewalk session", "version": 1, "screen": {"focused": "text"}, "texts": [
            {"text": {"file": "a.txt"}, "model": {"path": "gone"}, "methods": ["window:size=4"]}]}
            """
        let path = try scratch.file("w.json", session)
        try CommandRun(["render", "--session", path]).expectError("w.json", "gone")
        let model = Fixture.project.appendingPathComponent("samples/books-4m").path
        try CommandRun(["render", "--session", path, "--model", model]).expectFine()
        let method = try scratch.file("m.json", session.replacingOccurrences(of: "window:size=4", with: "windy"))
        try CommandRun(["render", "--session", method, "--model", model]).expectError("m.json", "windy")
        try CommandRun(["render", "--session", scratch.path("no.json")]).expectError("no.json")
        for words in [["a.txt"], ["--method", "window"], ["--from", "3"], ["--beside-base", "--adapter", "x"]] {
            try CommandRun(["render", "--session", path] + words).expectError("--session names its own")
        }
        try CommandRun(["open", "--session", path, "a.txt"]).expectError("--session names its own")
        try CommandRun(["render", "--session", path, "--lesson", "word"]).expectError("leave one out")
    }
}
