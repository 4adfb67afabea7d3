import Foundation
import RopewalkCellGrid
import RopewalkTerminal

/// Plays random events into a program in a pseudo-terminal: as bytes that a terminal sends, and as signals.
struct SoakTerminal {
    let events: SoakEvents
    let program: String
    let arguments: [String]

    /// What went wrong; nil where all went well.
    func play(_ numbers: [Int]) throws -> (fault: String?, megabytes: Int) {
        var terminal = try started()
        var megabytes = 0
        for (place, number) in numbers.enumerated() {
            send(events.event(number, mask: "/nowhere"), to: terminal)
            terminal.read(milliseconds: Int(events.pause(number)))
            if let end = terminal.end {
                guard end == 0 else { return ("event \(number): ended with status \(end)", megabytes) }
                guard terminal.isGivenBack else {
                    return ("event \(number): the terminal is not given back", megabytes)
                }
                // A key has asked to leave.
                terminal = try started()
                continue
            }
            guard place % 20 == 0 else { continue }
            let process = ProcessFigures(terminal.process)
            megabytes = max(megabytes, process.megabytes)
            if let fault = process.fault { return ("event \(number): \(fault)", megabytes) }
        }
        return (stop(terminal), megabytes)
    }

    /// The program with something on its screen.
    private func started() throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(program, size: Size(width: 120, height: 40), arguments: arguments)
        for _ in 0..<1000 where terminal.end == nil && terminal.drawn < 100 { terminal.read(milliseconds: 10) }
        return terminal
    }

    /// The program ends by a signal as it should: at once, and the terminal is given back.
    private func stop(_ terminal: PseudoTerminal) -> String? {
        for _ in 0..<1000 where terminal.end == nil && !terminal.isIdle { terminal.read(milliseconds: 10) }
        if let end = terminal.end, end != 0 { return "ended with status \(end)" }
        if terminal.end == nil { terminal.signal(SIGTERM) }
        for _ in 0..<1000 where terminal.end == nil { terminal.read(milliseconds: 10) }
        guard let end = terminal.end else { return "SIGTERM did not end it within 10 s" }
        if end != -SIGTERM, end != 0 { return "SIGTERM ended it with status \(end)" }
        return terminal.isGivenBack ? nil : "the terminal was not given back"
    }

    private func send(_ event: SoakEvents.Event, to terminal: PseudoTerminal) {
        switch event {
        case .input(.resize(let size)): terminal.resize(size)
        case .input(let input): terminal.write(Self.bytes(input))
        case .action, .open, .disturb:
            // Those have no bytes; a menu in their place leads as far.
            terminal.write(Array("m\u{1B}[B\r".utf8))
        }
    }

    private static let sequences: [Key: String] = [
        .up: "\u{1B}[A", .down: "\u{1B}[B", .right: "\u{1B}[C", .left: "\u{1B}[D", .home: "\u{1B}[H", .end: "\u{1B}[F",
        .pageUp: "\u{1B}[5~", .pageDown: "\u{1B}[6~", .insert: "\u{1B}[2~", .delete: "\u{1B}[3~", .enter: "\r",
        .tab: "\t", .backTab: "\u{1B}[Z", .backspace: "\u{7F}", .escape: "\u{1B}", .function(1): "\u{1B}OP",
        .function(12): "\u{1B}[24~", .function(11): "\u{1B}[23~", .control("f"): "\u{6}", .control("d"): "\u{4}",
        .control("l"): "\u{C}", .control("o"): "\u{F}", .control("r"): "\u{12}", .control("w"): "\u{17}",
        .control("x"): "\u{18}",
    ]

    private static func bytes(_ input: InputEvent) -> [UInt8] {
        switch input {
        case .key(.character(let character)): Array(String(character).utf8)
        case .key(let key): Array((sequences[key] ?? "").utf8)
        case .paste(let text): Array("\u{1B}[200~\(text)\u{1B}[201~".utf8)
        case .mouse(let mouse):
            Array("\u{1B}[<\(mouse.action == .wheelDown ? 65 : 0);\(mouse.x + 1);\(mouse.y + 1)M".utf8)
        case .ground(let ground): Array("\u{1B}]11;rgb:\(ground == .dark ? "00/00/00" : "ff/ff/ff")\u{07}".utf8)
        case .resize: []
        }
    }
}

/// A terminal without a window, and a program running in it.
private final class PseudoTerminal {
    let process: pid_t
    private let master: Int32
    /// The last of what the program has written.
    private var tail: [UInt8] = []
    private var status: Int32?
    private static let ownScreen = Array("\u{1B}[?1049h".utf8)
    /// Bytes since it has the screen for itself; what is typed before may be lost.
    private(set) var drawn = 0

    init(_ program: String, size: Size, arguments: [String]) throws {
        guard let (master, process) = TerminalScreen.start(program, size: size, arguments: arguments) else {
            throw CommandError.combination("no pseudo-terminal can be had: \(String(cString: strerror(errno)))")
        }
        (self.master, self.process) = (master, process)
        // What a program that is behind cannot take is lost, and nobody waits for the other for ever.
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if end == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(master)
    }

    /// How it ended: an exit status, or a signal as a negative number; nil while it runs.
    var end: Int32? {
        if let status { return status }
        var word: Int32 = 0
        guard waitpid(process, &word, WNOHANG) == process else { return nil }
        status = word & 0x7F == 0 ? word >> 8 & 0xFF : -(word & 0x7F)
        while readPart(milliseconds: 0) {}
        return status
    }

    /// Whether the last that it said about screens is that the usual one is back.
    var isGivenBack: Bool {
        let text = String(decoding: tail, as: UTF8.self)
        guard let back = text.range(of: "\u{1B}[?1049l", options: .backwards) else { return false }
        return !text[back.upperBound...].contains("\u{1B}[?1049h")
    }

    /// Whether it has taken all that was typed, and waits for more.
    var isIdle: Bool {
        var number: UInt32 = 0
        // TIOCGPTN and FIONREAD; Swift's Glibc does not import them.
        guard ioctl(master, 0x8004_5430, &number) == 0 else { return true }
        let other = open("/dev/pts/\(number)", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard other >= 0 else { return true }
        defer { close(other) }
        var waiting: Int32 = 0
        return ioctl(other, 0x541B, &waiting) == 0 && waiting == 0 && ProcessFigures.isAsleep(process)
    }

    func signal(_ number: Int32) { kill(process, number) }

    func resize(_ size: Size) {
        var window = winsize(
            ws_row: UInt16(clamping: size.height), ws_col: UInt16(clamping: size.width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &window)
    }

    func write(_ bytes: [UInt8]) { _ = Foundation.write(master, bytes, bytes.count) }

    /// Takes what the program writes, for so long.
    func read(milliseconds: Int) {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        repeat { _ = readPart(milliseconds: min(milliseconds, 5)) } while ContinuousClock.now < end
    }

    /// Takes what is there; false where nothing came.
    private func readPart(milliseconds: Int) -> Bool {
        var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&source, 1, Int32(milliseconds)) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Foundation.read(master, &bytes, bytes.count)
        guard count > 0 else { return false }
        let text = tail + bytes[..<count]
        if drawn > 0 {
            drawn += count
        } else if let entered = text.firstRange(of: Self.ownScreen) {
            drawn = text.count - entered.upperBound
        }
        tail = Array(text.suffix(4096))
        return true
    }
}
