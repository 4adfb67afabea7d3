import Foundation
import Testing

/// A text is opened where it was left, unless somebody says otherwise.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LastPlaceTests {
    private static let model = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples/books-4m").path

    private struct Folder: ~Copyable {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("place-\(UUID().uuidString)")
        var text: String { url.appendingPathComponent("a.txt").path }
        var places: String { url.appendingPathComponent("state/ropewalk/places.json").path }

        init() throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try write("Alice was beginning to get very tired of sitting by her sister on the bank.\n")
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ words: String) throws { try Data(words.utf8).write(to: URL(fileURLWithPath: text)) }
    }

    /// Opens the text, waits for words, types and leaves.
    private func visit(_ folder: borrowing Folder, _ options: [String] = [], shows: String, typing keys: String = "")
        throws
    {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start(
            "ropewalk", [folder.text, "--model", Self.model] + options,
            extra: ["XDG_STATE_HOME=\(folder.url.path)/state", "XDG_CONFIG_HOME=\(folder.url.path)/none"])
        try #require(terminal.waits(for: "exact"))
        for round in 0..<40 {
            terminal.resize(width: 110 + UInt16(round % 2), height: 40)
            if terminal.reads(shows, within: .milliseconds(250)) { break }
            if round == 39 { Issue.record("no \(shows)") }
        }
        terminal.type(keys + "q")
        #expect(terminal.waits(for: ProcessTests.leave))
        #expect(terminal.waitForChange() == 0)
    }

    @Test func theTextIsOpenedWhereItWasLeft() throws {
        let folder = try Folder()
        try visit(folder, shows: "cursor 1", typing: ":9\r")
        #expect(try String(contentsOfFile: folder.places, encoding: .utf8).contains("a.txt"))
        try visit(folder, shows: "where you were last time: token 9")
        try visit(folder, ["--at", "3"], shows: "cursor 3")
        try visit(folder, shows: "where you were last time: token 3")
        try visit(folder, ["--no-last-place"], shows: "cursor 1", typing: ":5\r")
        // It moves with its words; a file that is no list of places is written anew.
        try folder.write("He said: Alice was beginning to get very tired of sitting by her sister on the bank.\n")
        try visit(folder, shows: "where you were last time: token", typing: "g")
        try visit(folder, shows: "cursor 1", typing: ":4\r")
        try Data("{\"places\": 3".utf8).write(to: URL(fileURLWithPath: folder.places))
        try visit(folder, shows: "cursor 1", typing: ":4\r")
        try visit(folder, shows: "where you were last time: token 4")
    }
}
