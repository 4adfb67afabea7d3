import ArgumentParser
import RopewalkPhrases

/// `ropewalk ask QUESTION TEXT`: what the panels about one place say, as data.
struct AskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: say("Questions about a place of a text, answered as a table."),
        discussion: say(
            """
            Tokens, layers and heads count from 0. Every answer is exact: a full run with \
            the methods that are given.
            """),
        subcommands: [
            AskWordCommand.self, AskHeadsCommand.self, AskKeysCommand.self, AskReadersCommand.self, AskNextCommand.self,
            AskLayersCommand.self, AskSurprisesCommand.self, AskEntropyCommand.self, AskReceivedCommand.self,
            AskSentencesCommand.self, AskParagraphsCommand.self, AskLevelsCommand.self, AskFlashCommand.self,
            AskPagedCommand.self,
            AskMixerCommand.self,
            AskExpertsCommand.self, AskComputedCommand.self,
            AskLSHCommand.self, AskRolloutCommand.self,
            AskMemoryCommand.self,
        ])

    @OptionGroup var language: LanguageOption
}
