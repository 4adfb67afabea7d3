import ArgumentParser
import RopewalkApp
import RopewalkPhrases

extension ThemeChoice: ExpressibleByArgument {
    static let help = ArgumentHelp(
        say(
            "Colours for a light or a dark background: auto, light or dark; auto asks the terminal, and without one is dark."
        )
    )
}
