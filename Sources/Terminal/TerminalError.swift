import RopewalkPhrases

/// Why there is no screen.
package enum TerminalError: Error, Equatable, CustomStringConvertible {
    /// Standard output goes to a file or a pipe.
    case notATerminal
    /// Standard input is not a terminal, and the process has none to read keys from.
    case noKeyboard
    /// The terminfo database has no entry of this name; nil where TERM is not set.
    case unknownTerminal(name: String?)
    /// The terminal cannot place its cursor.
    case dumbTerminal(name: String)
    /// Two screens at once.
    case alreadyOpen
    case systemCall(name: String, errno: Int32)

    package var description: String {
        switch self {
        case .notATerminal:
            return say("standard output is not a terminal; use `ropewalk render` to print a screen as text")
        case .noKeyboard:
            return say("there is no terminal to read keys from; use `ropewalk render --keys` instead")
        case .unknownTerminal(.none): return say("TERM is not set; try TERM=xterm-256color")
        case .unknownTerminal(.some(let name)): return say("TERM=\(name) is not known here; try TERM=xterm-256color")
        case .dumbTerminal(let name):
            return say("TERM=\(name) cannot place its cursor; try TERM=xterm-256color, or use `ropewalk render`")
        case .alreadyOpen: return say("the screen is open already; close it first")
        case .systemCall(let name, let errno): return say("the terminal failed: \(name), error \(errno)")
        }
    }
}
