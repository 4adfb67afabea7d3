import Foundation
import RopewalkApp
import RopewalkPhrases
import RopewalkTerminal

/// The reader's editor, as VISUAL or EDITOR names it.
struct Editor {
    /// A line for the shell, as other programs take it: it may have arguments.
    let command: String

    private static let usual = "vi"

    /// Editors that go to a line that stands before the file as `+12`.
    private static let goToLines: Set<String> = [
        "vi", "vim", "nvim", "view", "nvi", "vis", "elvis", "nano", "pico", "emacs", "emacsclient", "mg", "jed", "joe",
        "jmacs",
        "micro", "mcedit", "kak", "ne", "tilde",
    ]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.allSatisfy(\.isWhitespace) }
        command = named ?? Self.usual
    }

    /// What is run to edit a file.
    /// - Parameter line: from 1; only some editors are told
    func words(path: String, line: Int) -> [String] {
        let program = command.split(separator: " ").first.map(String.init) ?? command
        let name = program.split(separator: "/").last.map(String.init) ?? program
        // A file's name that begins with a dash is no option.
        let file = path.hasPrefix("-") ? "./" + path : path
        return ["/bin/sh", "-c", "\(command) \"$@\"", command] + (Self.goToLines.contains(name) ? ["+\(line)"] : [])
            + [file]
    }

    /// What went wrong; nil where it ended well.
    func problem(_ end: ProgramEnd) -> String? {
        let hint = say("VISUAL and EDITOR say which editor is used")
        return switch end {
        case .status(0): nil
        case .status(126), .status(127): say("the editor '\(command.prefix(60))' cannot be run: \(hint)")
        case .status(let status): say("the editor '\(command.prefix(60))' ended with status \(status)")
        case .signal(let number): say("the editor '\(command.prefix(60))' was ended by signal \(number)")
        case .failed(let why): say("the editor '\(command.prefix(60))' cannot be started: \(why)")
        }
    }
}
