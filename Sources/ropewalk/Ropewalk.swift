import ArgumentParser
import RopewalkPhrases

/// The root of the command line.
struct Ropewalk: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ropewalk",
        abstract: say("Shows how a transformer reads a long text."),
        discussion: say(
            """
            Data goes to standard output, everything else to standard error. The exit status is 0 when all is fine, 1 when \
            a check failed, 2 for bad usage or input. ropewalk --python prints the folder of the Python side: \
            pip install "$(ropewalk --python)".
            """),
        version: version,
        subcommands: [
            OpenCommand.self, LessonCommand.self, RenderCommand.self, TokensCommand.self, RopeCommand.self,
            MaskCommand.self, HeadsCommand.self, CircuitsCommand.self, AskCommand.self, GenerateCommand.self,
            CompareCommand.self,
            PerplexityCommand.self, RecordCommand.self, RecordingsCommand.self, NeedleCommand.self, TraceCommand.self,
            EvaluateCommand.self, DataCommand.self, RetrieveCommand.self,
            MethodsCommand.self, InfoCommand.self, ModelsCommand.self, BenchCommand.self,
        ], defaultSubcommand: OpenCommand.self)

    @OptionGroup var language: LanguageOption
}
