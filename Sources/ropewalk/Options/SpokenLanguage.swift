import ArgumentParser
import Foundation
import RopewalkPhrases

/// `--lang`, which every command takes: it is found before the arguments are parsed, so that help speaks it too.
struct SpokenLanguage {
    let language: Language
    /// The arguments without it.
    let arguments: [String]

    /// As the option says, else the settings, else the locale.
    init(_ arguments: [String]) throws(CommandError) {
        var rest: [String] = []
        var asked: Language?
        var index = 0
        while index < arguments.count {
            let word = arguments[index]
            if word == "--" { break }
            if word == "--lang" {
                guard index + 1 < arguments.count else { throw Self.problem("") }
                asked = try Self.language(arguments[index + 1])
                index += 1
            } else if word.hasPrefix("--lang=") {
                asked = try Self.language(String(word.dropFirst("--lang=".count)))
            } else {
                rest.append(word)
            }
            index += 1
        }
        self.arguments = rest + arguments[index...]
        language =
            asked ?? Settings.storedLanguage() ?? Language(environment: ProcessInfo.processInfo.environment)
    }

    private static func language(_ name: String) throws(CommandError) -> Language {
        guard let language = Language(rawValue: name) else { throw problem(name) }
        return language
    }

    private static func problem(_ value: String) -> CommandError {
        .outOfRange(
            option: "--lang", value: value, takes: Language.allCases.map(\.rawValue).joined(separator: say(" or ")))
    }
}

extension ArgumentHelp {
    /// An explanation in the language that is spoken.
    static func said(_ phrase: Phrase) -> ArgumentHelp { ArgumentHelp(phrase.said) }
}
