import Foundation
import Testing

/// `ropewalk` itself in a real (pseudo-)terminal, as a person uses it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ProgramTests {
    private static let samples = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples")
    private static let model = samples.appendingPathComponent("books-4m").path
    private static let book = samples.appendingPathComponent("texts/moby-dick.txt").path

    /// The program with the first frame on the screen; 300 tokens, so that no run is long.
    private func started(_ text: String? = nil, tokens: Int = 300) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", [text ?? Self.book, "--model", Self.model, "--tokens", "\(tokens)"])
        try #require(terminal.waits(for: ProcessTests.enter))
        try #require(terminal.waits(for: "[1] Text"))
        return terminal
    }

    /// What the terminal has to show after a resize, which draws everything anew: between two frames only changed cells
    /// are sent.
    private func shows(_ text: String, _ terminal: PseudoTerminal, width: UInt16, height: UInt16 = 40) -> Bool {
        terminal.resize(width: width, height: height)
        return terminal.waits(for: text)
    }

    /// Whether the screen comes to show `text`, drawn anew again and again.
    private func settles(_ text: String, _ terminal: PseudoTerminal) -> Bool {
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

    /// The text can be read at once, whatever is still being loaded; nothing waits for the run over the whole book, which
    /// takes longer than `waits` does.
    @Test func theTextIsThereAtOnce() throws {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", [Self.book, "--model", Self.model])
        #expect(terminal.waits(for: "Ishmael"))
        quits(terminal)
    }

    @Test func keysMoveAndOpenAndQuit() throws {
        let terminal = try started()
        #expect(shows("300 of ", terminal, width: 121))
        terminal.type("?")
        #expect(shows("Escape closes", terminal, width: 120))
        terminal.type("\u{1B}")
        terminal.type("m")
        #expect(shows("Methods", terminal, width: 121))
        terminal.type("\u{1B}")
        terminal.type(":250\r")
        #expect(shows("cursor 250", terminal, width: 120))
        terminal.type("G")
        #expect(shows("not read from here on", terminal, width: 122))
        quits(terminal)
    }

    /// The text and a mask are deleted and the weights are cut short while the program has them open: it goes on
    /// with what it has in memory.
    @Test func filesThatGoAwayAreSurvived() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.model) {
            try FileManager.default.copyItem(atPath: "\(Self.model)/\(name)", toPath: folder.path + "/\(name)")
        }
        let (text, mask, weights) = (folder.path + "/a.txt", folder.path + "/m.txt", folder.path + "/model.safetensors")
        try FileManager.default.copyItem(atPath: Self.book, toPath: text)
        let rows = (0..<300).map { row in (0..<300).map { $0 <= row && row - $0 < 9 ? "1" : "0" }.joined() }
        try Data(rows.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: mask))
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start(
            "ropewalk", [text, "--model", folder.path, "--tokens", "300", "--method", "file:\(mask)"])
        try #require(terminal.waits(for: ProcessTests.enter))
        try #require(settles("exact", terminal))
        unlink(text)
        unlink(mask)
        truncate(weights, 1000)
        // Another method needs another run.
        for keys in ["m", "\u{1B}[B", "\u{1B}[B", "\u{1B}[B", "\r"] {
            terminal.type(keys)
            _ = terminal.reads("never", within: .milliseconds(100))
        }
        // Escape and what is there right behind it are one key to a program that had no time to read before: nothing is typed until
        // the menu is seen to be gone, and Escape again where it is not.
        for round in 0..<6 {
            terminal.type("\u{1B}")
            _ = terminal.reads("never", within: .seconds(2))
            terminal.drain()
            terminal.resize(width: 112 + UInt16(round % 2), height: 40)
            if terminal.reads("p compares it", within: .seconds(4)) { break }
        }
        #expect(settles("exact", terminal))
        quits(terminal)
    }

    /// A run over the whole book is going on, which takes longer than `waitForChange` waits; nobody waits for it.
    @Test func quittingIsImmediateInTheMiddleOfARun() throws {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", [Self.book, "--model", Self.model])
        #expect(terminal.waits(for: "Ishmael"))
        #expect(shows(" %", terminal, width: 121))
        terminal.type("q")
        #expect(terminal.waits(for: ProcessTests.leave))
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }

    @Test func itFollowsTheSizeOfTheWindow() throws {
        let terminal = try started()
        #expect(shows("40 x 10", terminal, width: 30, height: 8))
        #expect(shows("[2] Map", terminal, width: 200, height: 60))
        #expect(shows("[1] Text", terminal, width: 80, height: 24))
        for width in 60...90 { terminal.resize(width: UInt16(width), height: 24) }
        #expect(shows("[1] Text", terminal, width: 100, height: 30))
        quits(terminal)
    }

    @Test(arguments: [true, false]) func itStopsAndComesBack(byKey: Bool) throws {
        let terminal = try started()
        if byKey { terminal.type("\u{1A}") } else { kill(terminal.process, SIGTSTP) }
        #expect(terminal.waits(for: ProcessTests.leave))
        let stopped = try #require(terminal.waitForChange())
        #expect(stopped & 0xFF == 0x7F)
        #expect(terminal.isCooked)
        terminal.resize(width: 100, height: 30)
        kill(terminal.process, SIGCONT)
        #expect(terminal.waits(for: ProcessTests.enter))
        #expect(terminal.waits(for: "[1] Text"))
        #expect(!terminal.isCooked)
        quits(terminal)
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT]) func signalsGiveTheTerminalBack(_ signal: Int32) throws {
        let terminal = try started(tokens: 30_000)
        kill(terminal.process, signal)
        #expect(terminal.waits(for: ProcessTests.leave))
        let status = try #require(terminal.waitForChange())
        #expect(status & 0x7F == signal)
        #expect(terminal.isCooked)
    }

    @Test func textComesThroughAPipeAndKeysFromTheTerminal() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        // The program must not inherit the end that it waits for.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", ["-", "--model", Self.model], input: "/dev/fd/\(ends[0])")
        close(ends[0])
        let text = Array(String(repeating: "The whale swam past the boat. ", count: 20).utf8)
        #expect(write(ends[1], text, text.count) == text.count)
        #expect(terminal.waits(for: "opened"))
        close(ends[1])
        #expect(shows("whale", terminal, width: 121))
        #expect(settles("exact", terminal))
        terminal.type(":40\r")
        #expect(shows("cursor 40", terminal, width: 120))
        quits(terminal)
    }

    @Test(arguments: ["dumb", "no-such-terminal"]) func unusableTerminalsGetOneLine(_ term: String) throws {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", [Self.book, "--model", Self.model], term: term)
        #expect(terminal.waits(for: "ropewalk: TERM=\(term)"))
        #expect(terminal.waits(for: "\n"))
        let status = try #require(terminal.waitForChange())
        #expect(status >> 8 == 2)
        #expect(terminal.isCooked)
    }

    @Test func aMissingTextEndsWithOneLineAndNoScreen() throws {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", ["/no/such/text", "--model", Self.model])
        #expect(terminal.waits(for: "ropewalk: /no/such/text: cannot be read: No such file or directory"))
        #expect(terminal.waitForChange() == 2 << 8)
        #expect(!terminal.output.contains(ProcessTests.enter) && terminal.isCooked)
    }

    @Test func aTextThatIsNoneIsSaidOnTheScreen() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data([0x41, 0, 0xFF, 0xFE]).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let terminal = try started(file.path)
        #expect(shows("byte 1", terminal, width: 121))
        quits(terminal)
    }
}
