import CRopewalkTerminal
import Glibc

/// How a program ended that had the terminal.
package enum ProgramEnd: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)
    /// It could not be started.
    case failed(String)
}

extension TerminalScreen {
    /// Gives the terminal to another program, and takes it again when that has ended, however it did; everything must be
    /// drawn again then.
    package func lend(to words: [String]) -> ProgramEnd {
        var copies = words.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        var status: Int32 = 0
        let error = terminal_run(&copies, &status)
        resume()
        if error != 0 { return .failed(String(cString: strerror(error))) }
        let signal = status & 0x7F
        return signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
    }
}
