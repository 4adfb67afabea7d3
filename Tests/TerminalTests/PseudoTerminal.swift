import Foundation
import Testing

/// A terminal without a window, and a program running in it.
final class PseudoTerminal {
    struct Failure: Error { var what: String }

    let master: Int32
    /// The side of the program, kept open here to read its modes.
    let slave: Int32
    private let device: String
    private(set) var process: pid_t = 0
    private(set) var output = ""

    init(width: UInt16 = 120, height: UInt16 = 10) throws {
        // What posix_openpt, unlockpt and ptsname do; Swift's Glibc does not import those.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &unlocked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw Failure(what: "no pseudo-terminal")
        }
        device = "/dev/pts/\(number)"
        slave = open(device, O_RDWR | O_NOCTTY)
        resize(width: width, height: height)
    }

    deinit {
        if process > 0 { kill(process, SIGKILL) }
        close(slave)
        close(master)
    }

    func resize(width: UInt16, height: UInt16) {
        var size = winsize(ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Starts a program of this package as the leader of a session whose terminal this is.
    ///
    /// - Parameters:
    ///   - input: A file in place of the terminal.
    ///   - closed: Descriptors that it is started without.
    ///   - addresses: How many kilobytes of them it may have (`ulimit -v`); nil for any number.
    ///   - extra: Variables beside TERM and a locale; later ones win.
    func start(
        _ name: String = "terminal-probe", _ options: [String] = [], term: String? = "xterm-256color",
        input: String? = nil, closed: [Int32] = [], addresses: Int? = nil, extra: [String] = []
    ) throws {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let program = folder.appendingPathComponent(name).path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 1, device, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        if let input {
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 0)
        }
        for descriptor in closed { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        // Threads of a test runner block signals, and a child would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, 0x80 | Int16(POSIX_SPAWN_SETSIGMASK))  // 0x80: POSIX_SPAWN_SETSID
        let names = extra.map { $0.prefix { $0 != "=" } }
        // How a sanitizer is to behave, where the tests run under one.
        let checked = ProcessInfo.processInfo.environment["ASAN_OPTIONS"].map { ["ASAN_OPTIONS=\($0)"] } ?? []
        let usual = checked + ["LANG=C.UTF-8", "SWIFT_BACKTRACE=enable=no"] + (term.map { ["TERM=\($0)"] } ?? [])
        let variables = usual.filter { !names.contains($0.prefix { $0 != "=" }) } + extra
        var environment = variables.map { strdup($0) } + [nil]
        let limited = addresses.map { ["/bin/sh", "-c", "ulimit -v \($0); exec \"$0\" \"$@\"", program] }
        var arguments = ((limited ?? [program]) + options).map { strdup($0) } + [nil]
        defer { (environment + arguments).forEach { free($0) } }
        let status = posix_spawn(
            &process, limited?[0] ?? program, &actions, &attributes, &arguments, &environment)
        guard status == 0 else { throw Failure(what: "posix_spawn \(program): \(status)") }
    }

    /// Nothing more fits on its way to the window: as where that is stopped, or hangs on a slow line.
    func fill() {
        let modes = fcntl(slave, F_GETFL)
        _ = fcntl(slave, F_SETFL, modes | O_NONBLOCK)
        var refused = 0
        // What has been taken moves on a moment later, and makes room.
        while refused < 10 {
            if write(slave, "x", 1) == 1 {
                refused = 0
            } else {
                refused += 1
                usleep(20_000)
            }
        }
        _ = fcntl(slave, F_SETFL, modes)
    }

    func type(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Reads until `text` has been written since the last call, 20 s at most, because other tests share the processors; a
    /// test fails where it is not.
    func waits(for text: String) -> Bool {
        if reads(text, within: .seconds(20)) { return true }
        Issue.record("no \(text.debugDescription) in \(output.debugDescription)")
        return false
    }

    /// Whether `text` is written before the time is over.
    func reads(_ text: String, within time: Duration) -> Bool {
        let deadline = ContinuousClock.now + time
        var bytes = [UInt8](repeating: 0, count: 65536)
        var pending = Array(output.utf8)
        while ContinuousClock.now < deadline {
            let seen = String(decoding: pending, as: UTF8.self)
            if let range = seen.range(of: text) {
                output = String(seen[range.upperBound...])
                return true
            }
            var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&source, 1, 50) > 0 else { continue }
            let count = read(master, &bytes, bytes.count)
            if count <= 0 { break }
            pending += bytes[..<count]
        }
        output = String(decoding: pending, as: UTF8.self)
        return false
    }

    /// Takes what is there, and forgets it.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 65536)
        var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        while poll(&source, 1, 0) > 0, read(master, &bytes, bytes.count) > 0 {}
        output = ""
    }

    /// The wait status of the program when it ends, or stops, within 20 s.
    func waitForChange() -> Int32? {
        for _ in 0..<2000 {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG | WUNTRACED) == process {
                if status & 0xFF != 0x7F { process = 0 }
                return status
            }
            usleep(10_000)
        }
        return nil
    }

    /// Whether lines are edited and echoed, as a shell expects it.
    var isCooked: Bool {
        var modes = termios()
        tcgetattr(slave, &modes)
        let wanted = tcflag_t(ICANON | ECHO | ISIG)
        return modes.c_lflag & wanted == wanted && modes.c_oflag & tcflag_t(OPOST) != 0
    }
}
