import Foundation
import Testing

/// The whole life of a screen in a real (pseudo-)terminal.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ProcessTests {
    static let enter = "\u{1B}[?1049h"
    static let leave = "\u{1B}[?1049l"

    static func started() throws -> PseudoTerminal {
        let terminal = try PseudoTerminal()
        try terminal.start()
        try #require(terminal.waits(for: enter))
        try #require(terminal.waits(for: "last=none;"))
        return terminal
    }

    @Test func entersAndLeaves() throws {
        let terminal = try Self.started()
        #expect(!terminal.isCooked)
        terminal.type("q")
        #expect(terminal.waits(for: Self.leave))
        #expect(terminal.waits(for: "done"))
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }

    /// What the background is comes when the terminal likes, and no key is lost meanwhile.
    @Test func theBackgroundIsAskedForAndNobodyWaits() throws {
        let terminal = try PseudoTerminal()
        try terminal.start()
        #expect(terminal.waits(for: "]11;?"))
        #expect(terminal.waits(for: "last=none;"))
        terminal.type("j\u{1B}]11;rgb:ffff/ff")
        #expect(terminal.waits(for: "j"))
        terminal.type("ff/ffff\u{1B}\\k")
        #expect(terminal.waits(for: "3"))
        // Nobody asks a second time: another answer is none.
        terminal.type("\u{1B}]11;rgb:0/0/0\u{07}q")
        #expect(terminal.waits(for: "done"))
    }

    /// The answer of a slow terminal must not be typed into the shell that follows.
    @Test func anAnswerAfterTheEndIsSwallowed() throws {
        let terminal = try Self.started()
        terminal.type("q")
        usleep(20_000)
        terminal.type("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\")
        #expect(terminal.waits(for: "done"))
        var waiting: Int32 = 0
        _ = ioctl(terminal.slave, UInt(FIONREAD), &waiting)
        #expect(waiting == 0)
    }

    @Test(arguments: [
        SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGUSR1, SIGUSR2, SIGALRM,
        SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGSYS,
    ])
    func signalsGiveTheTerminalBack(_ signal: Int32) throws {
        let terminal = try Self.started()
        kill(terminal.process, signal)
        #expect(terminal.waits(for: Self.leave))
        let status = try #require(terminal.waitForChange())
        #expect(status & 0x7F == signal)
        #expect(terminal.isCooked)
    }

    /// The reset does not wait for a terminal that takes nothing: the process would never end, and nothing is given back.
    @Test(arguments: [SIGTERM, SIGABRT]) func aTerminalThatTakesNothingIsLeft(_ signal: Int32) throws {
        let terminal = try Self.started()
        terminal.fill()
        kill(terminal.process, signal)
        let status = try #require(terminal.waitForChange())
        #expect(status & 0x7F == signal)
        #expect(terminal.isCooked)
        #expect(terminal.reads(Self.leave, within: .seconds(2)))
    }

    @Test func aTrapGivesTheTerminalBack() throws {
        let terminal = try Self.started()
        terminal.type("!")
        #expect(terminal.waits(for: Self.leave))
        let status = try #require(terminal.waitForChange())
        #expect(status & 0x7F != 0)
        #expect(terminal.isCooked)
    }

    @Test(arguments: [true, false]) func stopsAndComesBack(byKey: Bool) throws {
        let terminal = try Self.started()
        if byKey { terminal.type("\u{1A}") } else { kill(terminal.process, SIGTSTP) }
        #expect(terminal.waits(for: Self.leave))
        let stopped = try #require(terminal.waitForChange())
        #expect(stopped & 0xFF == 0x7F)
        #expect(terminal.isCooked)
        terminal.resize(width: 50, height: 12)
        kill(terminal.process, SIGCONT)
        #expect(terminal.waits(for: Self.enter))
        #expect(terminal.waits(for: "size=50x12"))
        #expect(!terminal.isCooked)
        terminal.type("q")
        #expect(terminal.waits(for: Self.leave))
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }

    @Test func resizesArriveWithTheNewSize() throws {
        let terminal = try Self.started()
        for width in 41...60 { terminal.resize(width: UInt16(width), height: 20) }
        #expect(terminal.waits(for: "60x20"))
        terminal.resize(width: 5, height: 2)
        #expect(terminal.waits(for: "size="))
        terminal.resize(width: 200, height: 60)
        #expect(terminal.waits(for: "size=200x60"))
        terminal.type("q")
        #expect(terminal.waitForChange() == 0)
    }

    @Test(arguments: [
        ("j", "character(\"j\")"), ("é", "é"), ("中", "中"), ("\u{1B}", "escape"), ("\r", "enter"), ("\t", "tab"),
        ("\u{1B}[Z", "backTab"), ("\u{7F}", "backspace"), ("\u{1B}OA", "up"), ("\u{1B}[6~", "pageDown"),
        ("\u{1B}OP", "function(1)"), ("\u{1B}[24~", "function(12)"), ("\u{6}", "control(\"f\")"),
        ("\0", "control(\" \")"),
        ("\u{1B}[3~", "delete"), ("\u{1B}[<0;7;3M", "press, x: 6, y: 2"), ("\u{1B}[<64;7;3M", "wheelUp, x: 6"),
        ("\u{1B}[<65;7;3M", "wheelDown, x: 6"), ("\u{1B}[<2;7;3M", "secondaryPress"),
        ("\u{1B}[<0;7;3M\u{1B}[<0;7;3m\u{1B}[<0;7;3M\u{1B}[<0;7;3m", "doublePress"),
        ("\u{1B}[200;7;99xk", "character(\"k\")"), ("\u{1B}]11;rgb:0/0/0\u{7}k", "character(\"k\")"),
        ("\u{1B}[200~qj\u{1B}[201~", "paste(\"qj\")"),
    ])
    func keysAndMouseArrive(_ typed: String, _ shown: String) throws {
        let terminal = try Self.started()
        terminal.type(typed)
        #expect(terminal.waits(for: shown))
    }

    /// Both forms of reports, whatever terminfo has of the terminal.
    @Test(
        arguments: ["tmux-256color", "screen-256color", "linux", "xterm-kitty", "xterm"],
        [
            "\u{1B}[<64;7;3M", "\u{1B}[M`'#",
        ])
    func theMouseIsHeardEverywhere(_ term: String, _ report: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.start(term: term)
        #expect(terminal.waits(for: "last=none"))
        terminal.type(report)
        #expect(terminal.waits(for: "wheelUp, x: 6"))
    }

    /// A signal at whatever moment of the start: what was taken is given back.
    @Test func earlySignalsGiveTheTerminalBack() throws {
        for delay in 0..<40 {
            let terminal = try PseudoTerminal()
            try terminal.start()
            usleep(useconds_t(delay * 500))
            kill(terminal.process, [SIGTERM, SIGHUP, SIGINT][delay % 3])
            _ = try #require(terminal.waitForChange())
            _ = terminal.reads("nothing more", within: .milliseconds(20))
            let entered = terminal.output.range(of: Self.enter, options: .backwards)
            let left = terminal.output.range(of: Self.leave, options: .backwards)
            #expect(
                entered == nil
                    || (left?.lowerBound ?? terminal.output.startIndex)
                        > (entered?.lowerBound ?? terminal.output.startIndex),
                "\(delay)")
            #expect(terminal.isCooked)
        }
    }

    @Test func noEventOfABurstIsLost() throws {
        let terminal = try Self.started()
        terminal.type(String(repeating: "\u{1B}[<65;7;3M", count: 9) + "jj")
        #expect(terminal.waits(for: "\u{1B}[4;8H11"))
    }

    @Test func twoQuickPressesAreADoublePress() throws {
        let terminal = try Self.started()
        terminal.type("\u{1B}[<0;7;3M")
        #expect(terminal.waits(for: "press"))
        terminal.type("\u{1B}[<0;7;3m\u{1B}[<0;7;3M")
        #expect(terminal.waits(for: "doubleP"))
    }

    @Test func keysComeFromTheTerminalWhereTextIsPipedIn() throws {
        let terminal = try PseudoTerminal()
        try terminal.start(input: "/dev/null")
        #expect(terminal.waits(for: "last=none;"))
        terminal.type("x")
        #expect(terminal.waits(for: "character"))
        terminal.type("q")
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }

    @Test(arguments: [
        ("no-such-terminal", "TERM=no-such-terminal is not known here; try TERM=xterm-256color"),
        (nil, "TERM is not set"), ("dumb", "TERM=dumb cannot place its cursor"),
    ])
    func unusableTerminalsAreErrors(_ term: String?, _ message: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.start(term: term)
        #expect(terminal.waits(for: message))
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }

    @Test func withoutColoursNoneAreSent() throws {
        let terminal = try PseudoTerminal()
        try terminal.start(extra: ["NO_COLOR=1"])
        #expect(terminal.waits(for: "last=none;"))
        terminal.type("q")
        #expect(terminal.waits(for: Self.leave))
        #expect(!terminal.output.contains("38;5"))
    }

    @Test(arguments: ["xterm", "xterm-mono", "vt100", "rxvt", "linux", "screen-256color", "tmux-256color"])
    func otherTerminalsWork(_ term: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.start(term: term)
        #expect(terminal.waits(for: "last=none"))
        terminal.type("q")
        #expect(terminal.waits(for: "done"))
        #expect(terminal.waitForChange() == 0)
        #expect(terminal.isCooked)
    }
}
