import ArgumentParser
import RopewalkApp
import RopewalkCellGrid

/// The screen after some keys, without a terminal.
struct RenderCommand: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, ansi
    }

    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Shows the screen after some keys, without a terminal.")

    @OptionGroup var text: TextOptions

    @Argument(help: "More texts, each with its own reading: F12 and Ctrl-O go to them.")
    var others: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var beside: BesideOptions
    @OptionGroup var recording: RecordingOptions

    @Option(help: ArgumentHelp("Columns x rows.", valueName: "size"))
    var size = "120x40"

    @Option(
        help: ArgumentHelp("Keys as the help screen names them, with blanks between: \"j j Tab z\".", valueName: "keys")
    )
    var keys = ""

    @Option(name: .customLong("do"), help: DoOption.help)
    var script = ""

    @Option(help: "Characters alone, or with colours as escape sequences.")
    var format = Format.text

    @Option(help: ArgumentHelp("Colours: 24bit, 256, 16, 8 or none.", valueName: "colours"))
    var colours = "256"

    @Option(help: ThemeChoice.help)
    var theme = ThemeChoice.auto

    func run() throws {
        let script = try KeyScript(parsing: keys)
        let actions = try ActionScript(parsing: self.script)
        let inputs = try Inputs(
            text: text, others: others, model: model, scenario: scenario, beside: beside,
            recording: recording.precision)
        let depth = try depth()
        var player = try ScreenPlayer(
            state: inputs.state(size: KeyScript.size(size), depth: depth, theme: theme), inputs: inputs.program)
        player.state.sources.model.value?.sayUnread()
        player.state.second?.model.value?.sayUnread()
        player.play(actions)
        player.play(script)
        let grid = player.frame()
        switch format {
        case .text: try StandardOutput.write(PlainText.text(grid))
        case .ansi: try StandardOutput.write(escapes: AnsiText.text(grid, depth: depth))
        }
    }

    private func depth() throws(CommandError) -> ColourDepth {
        switch colours {
        case "24bit": .direct
        case "256": .indexed256
        case "16": .ansi16
        case "8": .ansi8
        case "none": .none
        default: throw .outOfRange(option: "--colours", value: colours, takes: "24bit, 256, 16, 8 or none")
        }
    }
}
