import CRopewalkTerminal
import Glibc
import RopewalkCellGrid

/// The file descriptors of a terminal: keys come from one, frames go to the other.
struct TerminalDevice {
    let input: Int32
    let output: Int32
    /// What the modes were before.
    let savedModes: termios
    private let opened: Int32?
    /// Cells; of a larger window only so many are used, as a grid takes memory for each.
    private static let longestSide = 1000

    /// The terminal of this process.
    ///
    /// Where text comes in through standard input, keys come from /dev/tty, as `less` does it.
    static func standard() throws(TerminalError) -> TerminalDevice {
        guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        if isatty(STDIN_FILENO) == 1 {
            return try TerminalDevice(input: STDIN_FILENO, output: STDOUT_FILENO, opened: nil)
        }
        let keyboard = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard keyboard >= 0 else { throw .noKeyboard }
        return try TerminalDevice(input: keyboard, output: STDOUT_FILENO, opened: keyboard)
    }

    /// Throws where `input` is no terminal; closes `opened` in the end.
    init(input: Int32, output: Int32, opened: Int32?) throws(TerminalError) {
        var modes = termios()
        guard tcgetattr(input, &modes) == 0 else {
            if let opened { Glibc.close(opened) }
            throw .noKeyboard
        }
        (self.input, self.output, self.opened) = (input, output, opened)
        savedModes = modes
    }

    func close() {
        if let opened { Glibc.close(opened) }
    }

    /// Every key at once, none of them a signal, nothing echoed.
    func enterRawMode() {
        var modes = savedModes
        cfmakeraw(&modes)
        tcsetattr(input, TCSANOW, &modes)
    }

    /// The window's size; nil where the terminal does not tell one.
    var size: Size? {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return nil }
        return Size(
            width: min(Int(window.ws_col), Self.longestSide), height: min(Int(window.ws_row), Self.longestSide))
    }

    /// Writes all bytes, waiting where the terminal is slow; false where it is gone.
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { terminal_guard_write($0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if count < 0, errno == EAGAIN {
                var wait = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, 1000)
            } else if !(count < 0 && errno == EINTR) {
                return false
            }
        }
        return true
    }
}
