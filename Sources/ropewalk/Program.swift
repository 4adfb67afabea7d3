import ArgumentParser
import Foundation
import RopewalkCellGrid
import RopewalkFormats
import RopewalkPhrases
import RopewalkTerminal

/// One run of the program, from its arguments to its exit status.
enum Program {
    /// 0 fine, 1 a check failed, 2 bad usage or input.
    static func run(_ arguments: [String]) -> Int32 {
        StandardDescriptors.keepTaken()
        // A closed pipe is an error of `write`, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        // Likewise a file that grows over its limit.
        signal(SIGXFSZ, SIG_IGN)
        HeapLimits.set()
        CrashReport.install(arguments: arguments)
        MemoryReport.note("reading the arguments")
        MemoryReport.install()
        do {
            if arguments == ["--python"] { return answer(try PythonFolder.find()) }
            let spoken = try SpokenLanguage(arguments)
            Language.speak(spoken.language)
            var command = try Ropewalk.parseAsRoot(spoken.arguments)
            MemoryReport.note("running ropewalk \(name(in: arguments) ?? "open")")
            try command.run()
            // Rows of a mask are read when they are asked for.
            if let failure = ReadFailures.first { throw failure }
            return 0
        } catch {
            return report(error, arguments)
        }
    }

    private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
        // What was found in a mask whose rows could not be read is no answer.
        if error is ExitCode, let failure = ReadFailures.first { return report(failure, arguments) }
        if let code = error as? ExitCode { return code.rawValue }
        guard Ropewalk.exitCode(for: error) != .success else {
            let text = Ropewalk.fullMessage(for: error)
            return answer(isForPrograms(arguments) ? text : HelpText(text).said)
        }
        let message = saidOnce(Ropewalk.message(for: error).onOneLine)
        StandardError.write(message + form(message, arguments) + hint(error, command: command(in: arguments)))
        return 2
    }

    /// Whether what is asked for is a script of completions, or what the manual is made of: their lines are not to be broken.
    private static func isForPrograms(_ arguments: [String]) -> Bool {
        arguments.contains { $0.hasPrefix("--generate-completion-script") || $0 == "--experimental-dump-help" }
    }

    /// Without what the parser puts before a sentence that names the option and its value already.
    private static func saidOnce(_ message: String) -> String {
        let form = /The value '.*?' is invalid for '(--[^ ']+)[^']*': (.*)/
        guard let match = message.wholeMatch(of: form), match.2.hasPrefix(match.1) else { return message }
        return String(match.2)
    }

    /// How an option is given a value that begins as options do, where the parser has missed one.
    private static func form(_ message: String, _ arguments: [String]) -> String {
        guard let option = message.firstMatch(of: /^Missing value for '(-[^ ']*)/)?.1 else { return "" }
        let isThere = zip(arguments, arguments.dropFirst()).contains { $0 == option && $1.hasPrefix("-") && $1 != "-" }
        return isThere ? say(": a value that begins with - is written \(option)=-...") : ""
    }

    /// The command among the arguments, if one is named.
    private static func name(in arguments: [String]) -> String? {
        arguments.first { word in
            Ropewalk.configuration.subcommands.contains { $0.configuration.commandName == word }
        }
    }

    /// The same with the question that it is asked.
    private static func command(in arguments: [String]) -> String? {
        guard let name = name(in: arguments), let place = arguments.firstIndex(of: name) else { return nil }
        let command = Ropewalk.configuration.subcommands.first { $0.configuration.commandName == name }
        let names = command?.configuration.subcommands.compactMap { $0.configuration.commandName } ?? []
        return ([name] + arguments[(place + 1)...].filter(names.contains).prefix(1)).joined(separator: " ")
    }

    /// Help and version are what was asked for: data.
    private static func answer(_ text: String) -> Int32 {
        do {
            try StandardOutput.write(text.hasSuffix("\n") ? text : text + "\n")
            return 0
        } catch {
            StandardError.write(error.description)
            return 2
        }
    }

    /// Where the options are explained, for errors of the parser, which do not say it.
    private static func hint(_ error: any Error, command: String?) -> String {
        guard Ropewalk.exitCode(for: error) == .validationFailure else { return "" }
        return say(" (see ropewalk \(command.map { $0 + " " } ?? "")--help)")
    }
}
