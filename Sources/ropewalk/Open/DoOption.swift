import ArgumentParser
import RopewalkPhrases

/// What a screen is asked for by the names of actions.
enum DoOption {
    static let help = ArgumentHelp(
        say("Actions by their names (docs/ACTIONS.md), with semicolons between: \"goto token 1204; head 3.7\"."),
        valueName: "actions")
}
