import CRopewalkTerminal
import Foundation
import Glibc
import RopewalkCellGrid

extension TerminalScreen {
    /// A screen on a pseudo-terminal that nobody looks at: what is sent is read and thrown away, as fast as it comes. For
    /// measuring what frames cost.
    package static func pseudo(size: Size, name: String = "xterm-256color") throws(TerminalError) -> TerminalScreen {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        // What posix_openpt, unlockpt and ptsname do (TIOCSPTLCK, TIOCGPTN); Swift's Glibc does not import those.
        guard master >= 0, ioctl(master, 0x4004_5431, &unlocked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw .noKeyboard
        }
        var window = winsize(
            ws_row: UInt16(clamping: size.height), ws_col: UInt16(clamping: size.width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &window)
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        Thread.detachNewThread { drain(master) }
        return try TerminalScreen(
            device: TerminalDevice(input: slave, output: slave, opened: slave), name: name)
    }

    /// Reads until the other side is closed.
    private nonisolated static func drain(_ master: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while read(master, &bytes, bytes.count) > 0 {}
        Glibc.close(master)
    }
}

extension TerminalScreen {
    /// Starts a program as the leader of a session on a pseudo-terminal of its own; nil and errno where that fails.
    package nonisolated static func start(
        _ program: String, size: Size, arguments: [String]
    ) -> (master: Int32, process: pid_t)? {
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var master: Int32 = -1
        let process = terminal_start(&words, UInt16(clamping: size.width), UInt16(clamping: size.height), &master)
        return process > 0 ? (master, process) : nil
    }
}
