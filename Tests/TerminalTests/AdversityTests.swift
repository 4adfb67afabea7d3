import Foundation
import Testing

/// `ropewalk` under what terminals, windows and environments do to it: a screen that can be left, or one line.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AdversityTests {
    private static let samples = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples")
    private static let options = [
        samples.appendingPathComponent("texts/alice.txt").path, "--model",
        samples.appendingPathComponent("books-4m").path, "--tokens", "100",
    ]

    /// The program ends by a signal as it should, and the terminal is as it was; or it has ended with one line.
    private func ends(_ terminal: PseudoTerminal, _ location: SourceLocation = #_sourceLocation) throws {
        kill(terminal.process, SIGTERM)
        let status = try #require(terminal.waitForChange(), sourceLocation: location)
        _ = terminal.reads("nothing more", within: .milliseconds(20))
        let entered = terminal.output.range(of: ProcessTests.enter, options: .backwards)
        let left = terminal.output.range(of: ProcessTests.leave, options: .backwards)
        if let entered {
            #expect(left.map { $0.lowerBound > entered.lowerBound } ?? false, sourceLocation: location)
        }
        #expect(status & 0x7F == SIGTERM || status == 2 << 8, "\(status)", sourceLocation: location)
        #expect(terminal.isCooked, sourceLocation: location)
    }

    private static let sizes: [(UInt16, UInt16)] = [(1, 1), (0, 0), (200, 1), (1, 200), (80, 24), (1000, 999)]
    private static let terms = [
        "dumb", "", "xterm", "linux", "screen-256color", "tmux-256color", "xterm-kitty", "ghostty", "vt100", "ansi",
        "nonsense", "../../etc/passwd", String(repeating: "x", count: 5000),
    ]

    /// Every kind of terminal, known or not, at one of the sizes; the usual one at all of them.
    @Test(arguments: 0...terms.count) func terminalsOfAllKindsAndSizes(number: Int) throws {
        let isUsual = number == Self.terms.count
        for (index, size) in Self.sizes.enumerated() where isUsual || index == number % Self.sizes.count {
            let terminal = try PseudoTerminal(width: size.0, height: size.1)
            try terminal.start("ropewalk", Self.options, term: isUsual ? "xterm-256color" : Self.terms[number])
            // A screen, or a line that says why there is none.
            if !terminal.reads("\u{1B}", within: .seconds(2)) {
                let line = terminal.output.drop { $0.isWhitespace }
                #expect(line.isEmpty || line.hasPrefix("ropewalk: TERM"), "\(terminal.output)")
            }
            try ends(terminal)
        }
    }

    /// A window that is dragged about: 100 sizes, faster than they can be drawn, and nobody reads what is drawn last.
    @Test func aStormOfSizes() throws {
        var state: UInt64 = 1
        let below = { (count: UInt64) -> UInt16 in
            // Knuth's MMIX.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt16((state >> 33) % count)
        }
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", Self.options)
        try #require(terminal.waits(for: ProcessTests.enter))
        for _ in 0..<100 {
            terminal.resize(width: below(301), height: below(121))
            terminal.drain()
            usleep(3000)
        }
        terminal.resize(width: 100, height: 30)
        #expect(terminal.waits(for: "[1] Text"))
        try ends(terminal)
    }

    /// Homes, folders and locales that are not there, while the list of models on this machine is asked for.
    @Test(arguments: [
        ["HOME=/nonexistent", "TMPDIR=/nonexistent", "LANG=C"], ["HOME=/proc", "XDG_CACHE_HOME=/proc", "LC_ALL=xx_YY"],
        ["HF_HOME=/dev/null", "OLLAMA_MODELS=/proc/self/fd", "COLUMNS=-3", "LINES=x", "NO_COLOR=1"],
        ["HF_HUB_CACHE=" + String(repeating: "x", count: 4000), "TERMINFO=/nonexistent"],
    ])
    func environments(variables: [String]) throws {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", Self.options, extra: variables)
        try #require(terminal.waits(for: ProcessTests.enter))
        try #require(terminal.waits(for: "[1] Text"))
        terminal.type("O")
        _ = terminal.reads("never", within: .milliseconds(300))
        try ends(terminal)
    }

    /// So few addresses that no run fits, or no model, or hardly the program: what does not fit is said, the screen can be
    /// left, and the terminal is given back.
    @Test(arguments: [130_000, 260_000, 800_000]) func littleMemory(kilobytes: Int) throws {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        try terminal.start("ropewalk", Self.options, addresses: kilobytes)
        let begun = terminal.reads(ProcessTests.enter, within: .seconds(20))
        // Where the system could not load it, there is nothing to give back.
        guard begun else { return #expect(terminal.isCooked && terminal.output.contains("shared")) }
        for key in ["m", "\u{1B}[B", "\r", "\t", "\u{1B}", "q"] {
            terminal.type(key)
            if terminal.reads(ProcessTests.leave, within: .milliseconds(200)) { break }
        }
        let status = try #require(terminal.waitForChange())
        #expect(status == 0 || status == 2 << 8, "\(status)")
        #expect(terminal.isCooked)
    }

    /// Keys come from the terminal where there is no standard input, and a text that was to come from it is named.
    @Test(arguments: [[0, 2], [2]] as [[Int32]]) func closedDescriptors(closed: [Int32]) throws {
        let terminal = try PseudoTerminal(width: 120, height: 40)
        let readsInput = closed.contains(0)
        try terminal.start("ropewalk", readsInput ? ["-"] + Self.options.dropFirst() : Self.options, closed: closed)
        try #require(terminal.waits(for: ProcessTests.enter))
        #expect(terminal.waits(for: readsInput ? "standard input: cannot be read" : "[1] Text"))
        terminal.type("q")
        #expect(terminal.waits(for: ProcessTests.leave))
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }
}
