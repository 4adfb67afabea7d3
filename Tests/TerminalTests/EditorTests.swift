import Foundation
import Testing

/// The terminal is lent to an editor, and taken again however that ends.
@Suite(.serialized, .timeLimit(.minutes(3))) struct EditorTests {
    private static let samples = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples")

    /// The program with a text of its own, in which `E` runs a script.
    private func started(_ script: String) throws -> (terminal: PseudoTerminal, folder: URL) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("editor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (text, editor) = (folder.appendingPathComponent("text.txt"), folder.appendingPathComponent("editor"))
        try Data("A line about a rabbit.\n".utf8).write(to: text)
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: editor)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: editor.path)
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start(
            "ropewalk", [text.path, "--model", Self.samples.appendingPathComponent("books-4m").path],
            extra: ["VISUAL=\(editor.path)", "EDITOR=false"])
        try #require(terminal.waits(for: "rabbit"))
        // Until the text is cut into tokens nothing is read anew.
        usleep(3_000_000)
        return (terminal, folder)
    }

    private func shows(_ text: String, _ terminal: PseudoTerminal) -> Bool {
        for round in 0..<40 {
            terminal.resize(width: 110 + UInt16(round % 2), height: 40)
            if terminal.reads(text, within: .milliseconds(250)) { return true }
        }
        return false
    }

    private func quits(_ terminal: PseudoTerminal) {
        terminal.type("q")
        #expect(terminal.waits(for: ProcessTests.leave))
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }

    @Test func theChangedTextIsRead() throws {
        let (terminal, folder) = try started("echo 'in the editor'; echo 'And a walrus.' >> \"$1\"")
        defer { try? FileManager.default.removeItem(at: folder) }
        terminal.type("E")
        #expect(terminal.waits(for: "in the editor"))
        #expect(shows("And a walrus.", terminal))
        quits(terminal)
    }

    @Test(arguments: [
        ("kill -KILL $$", "the editor"), ("exit 3", "ended with status 3"), ("exec /no/such/program", "the editor"),
        ("stty raw -echo; exit 1", "ended with status 1"),
    ])
    func theTerminalComesBackWhenTheEditorDies(script: String, said: String) throws {
        let (terminal, folder) = try started(script)
        defer { try? FileManager.default.removeItem(at: folder) }
        terminal.type("E")
        #expect(shows(said, terminal))
        quits(terminal)
    }

    /// Ctrl-C in the editor's terminal ends the editor alone.
    @Test func whatIsTypedForTheEditorIsItsOwn() throws {
        let (terminal, folder) = try started("echo 'it waits'; exec sleep 30")
        defer { try? FileManager.default.removeItem(at: folder) }
        terminal.type("E")
        #expect(terminal.waits(for: "it waits"))
        terminal.type("\u{3}")
        #expect(shows("the editor", terminal))
        quits(terminal)
    }
}
