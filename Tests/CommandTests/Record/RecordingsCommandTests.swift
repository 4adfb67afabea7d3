import Foundation
import Synchronization
import TestSupport
import Testing

/// The cache of recordings: filled by open and ask, listed and cleared.
@Suite struct RecordingsCommandTests {
    private let scratch: Scratch
    private static let text = Fixture.project.appendingPathComponent("samples/texts/alice.txt").path
    private var environment: [String: String] {
        ["XDG_CACHE_HOME": scratch.path("caches"), "XDG_CONFIG_HOME": scratch.path("settings")]
    }

    init() throws { scratch = try Scratch() }

    private func run(_ words: [String]) throws -> CommandRun { try CommandRun(words, environment: environment) }

    private func ask(_ options: String = "--cache 1G", tokens: Int = 300, text: String = text) throws -> CommandRun {
        try run(
            ["ask", "keys", text, "--at", "203", "--head", "1.3", "--tokens", "\(tokens)"]
                + options.split(separator: " ").map(String.init))
    }

    private func listed() throws -> [[String: Any]] { try run(["recordings", "--json"]).objects() }

    @Test func theSecondAnswerIsTheFirst() throws {
        let plain = try ask("")
        plain.expectFine()
        #expect(try listed().isEmpty)
        let first = try ask()
        first.expectFine()
        #expect(first.output == plain.output)
        let second = try ask()
        #expect(second.status == 0 && second.output == plain.output)
        #expect(second.errors.contains("recorded 2") && second.errors.contains("from the cache"), "\(second.errors)")
        #expect(second.errors.filter { $0 == "\n" }.count == 1)
        // Other tokens and methods are other runs.
        for options in ["--cache 1G --method window:size=64", "--cache 1G --recording f16"] {
            #expect(try !ask(options).errors.contains("from the cache"), "\(options)")
        }
        #expect(try !ask(tokens: 299).errors.contains("from the cache"))
        let entries = try listed()
        #expect(entries.count == 3 && entries.allSatisfy { $0["model"] as? String == "books-4m" })
        #expect(Set(entries.compactMap { $0["tokens"] as? Int }) == [299, 300])
        // What the cache has opens as any recording does.
        let path = try #require(entries.first { $0["tokens"] as? Int == 299 }?["path"] as? String)
        let opened = try run(["ask", "keys", path, "--at", "203", "--head", "1.3"])
        opened.expectFine()
        #expect(opened.output == (try ask("", tokens: 299)).output)
    }

    @Test func theScreenSaysWhereItComesFrom() throws {
        let words = ["render", Self.text, "--tokens", "300", "--size", "140x40", "--cache", "1G"]
        let (first, second) = (try run(words), try run(words))
        first.expectFine()
        second.expectFine()
        #expect(!first.lines[0].contains("recorded"), "\(first.lines[0])")
        #expect(second.lines[0].contains("exact · recorded 2"), "\(second.lines[0])")
        #expect(first.lines.dropFirst() == second.lines.dropFirst())
        let small = try run(words.map { $0 == "140x40" ? "80x24" : $0 })
        #expect(small.lines[0].contains("exact"), "\(small.lines[0])")
    }

    @Test func settingsTurnItOn() throws {
        try FileManager.default.createDirectory(
            at: scratch.url("settings/ropewalk"), withIntermediateDirectories: true)
        _ = try scratch.file("settings/ropewalk/settings.json", "{\"cache\": \"500M\"}")
        try ask("").expectFine()
        #expect(try listed().count == 1)
        #expect(try ask("").errors.contains("from the cache"))
        #expect(try ask("--cache off").errors.isEmpty)
        _ = try scratch.file("settings/ropewalk/settings.json", "{\"cache\": \"much\"}")
        try ask("").expectError("settings.json", "a size such as 500M")
        try run(["open"]).expectError("settings.json", "line 1", "a size such as 500M")
    }

    @Test func listsAndClears() throws {
        #expect(try run(["recordings"]).output.contains("no recordings are kept"))
        for tokens in [298, 299, 300] { _ = try ask(tokens: tokens) }
        let list = try run(["recordings"])
        list.expectFine()
        #expect(list.lines.count == 5 && list.output.contains("alice.txt") && list.output.contains("3 recordings"))
        let ids = try listed().compactMap { $0["id"] as? String }
        let shown = list.lines.dropFirst().prefix(3).map { String($0.prefix(10)) }
        #expect(ids.count == 3 && shown == ids.map { String($0.prefix(10)) })
        try run(["recordings", String(ids[0].prefix(10))]).expectError("--clear")
        try run(["recordings", "--clear", "xyz"]).expectError("no recording is called")
        try run(["recordings", "--clear", ""]).expectError("no recording is called")
        let one = try run(["recordings", "--clear", String(ids[1].prefix(10))])
        one.expectFine()
        #expect(one.output.contains(ids[1].prefix(10)) && one.output.contains("1 recording,"), "\(one.output)")
        #expect(try listed().compactMap { $0["id"] as? String } == [ids[0], ids[2]])
        // What is not the cache's stays, and it is said.
        let folder = scratch.path("caches/ropewalk/recordings")
        _ = try scratch.file("caches/ropewalk/recordings/notes.txt", "mine")
        let outside = scratch.path("outside")
        try FileManager.default.moveItem(atPath: folder + "/" + ids[2], toPath: outside)
        try FileManager.default.createSymbolicLink(atPath: folder + "/" + ids[2], withDestinationPath: outside)
        let all = try run(["recordings", "--clear", "--json"])
        all.expectFine()
        #expect(try all.objects().compactMap { $0["id"] as? String } == [ids[0]])
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == ["notes.txt", ids[2]])
        #expect(FileManager.default.fileExists(atPath: outside + "/text.txt"))
        #expect(try run(["recordings", "--clear"]).output.contains("no recordings were there"))
    }

    @Test func manyAtOnce() throws {
        let outputs = Mutex<[String]>([])
        let words = ["ask", "keys", Self.text, "--at", "203", "--head", "1.3", "--tokens", "300", "--cache", "1G"]
        let environment = environment
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let run = try? CommandRun(words, environment: environment)
            outputs.withLock { $0.append(run.map { "\($0.status) \($0.output)" } ?? "") }
        }
        let all = outputs.withLock { $0 }
        #expect(Set(all).count == 1 && all[0].hasPrefix("0 "), "\(all)")
        #expect(try listed().count == 1)
        #expect(try ask().errors.contains("from the cache"))
    }

    @Test func namesDoNotSpeakToTheTerminal() throws {
        let folder = scratch.path(HostileNamesTests.hostile)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = folder + "/t\u{1B}[31m\n\u{202E}x.txt"
        try FileManager.default.copyItem(atPath: Self.text, toPath: text)
        #expect(try ask(text: text).status == 0)
        for options in [[], ["--json"], ["--clear"]] {
            let run = try run(["recordings"] + options)
            run.expectFine()
            #expect(HostileNamesTests.fault(run.output) == nil, "\(options)")
            if options != ["--json"] { #expect(run.lines.count == 3, "\(run.output)") }
        }
    }

    @Test(arguments: ["3", "-1", "2X", "G", "1e3G", "99999999T", "much", ".5G"])
    func refusesOtherSizes(size: String) throws {
        let words = ["ask", "received", Self.text, "--tokens", "20", "--cache=\(size)"]
        try run(words).expectError("--cache", "500M or 2G")
    }

    /// A disk without room: the answer is there, nothing half is left.
    @Test func whatIsTooLargeIsTold() throws {
        let (run, plain) = (try ask("--cache 10K"), try ask(""))
        #expect(run.status == 0 && run.output == plain.output)
        #expect(run.errors.contains("is not kept") && run.errors.contains("of the cache"), "\(run.errors)")
        #expect(try listed().isEmpty)
    }
}
