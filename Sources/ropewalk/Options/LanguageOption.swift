import ArgumentParser
import RopewalkPhrases

/// `--lang` as every command explains and completes it; `SpokenLanguage` has taken its value before the parser sees it.
struct LanguageOption: ParsableArguments {
    @Option(
        name: .customLong("lang"),
        help: ArgumentHelp(
            say("en or zh: what is spoken. Default: the settings, else the locale."), valueName: "language"),
        completion: .list(Language.allCases.map(\.rawValue)))
    var language: String?
}
