import ArgumentParser
import RopewalkApp
import RopewalkPhrases

/// How a screen begins: a place, a head, panels, and keys that are pressed.
struct StartOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            say("Where the cursor begins, as `:` takes it: a token, 50%, L120, \"ch 3\"."), valueName: "place"))
    var at: String?

    @Option(help: ArgumentHelp(say("The layer that is looked at, counted from 0; with --head."), valueName: "layer"))
    var layer: Int?

    @Option(help: ArgumentHelp(say("The head that is looked at, counted from 0; with --layer."), valueName: "head"))
    var head: Int?

    @Option(
        help: ArgumentHelp(
            say("The panels: \(Preset.allCases.map(\.rawValue).joined(separator: ", "))."), valueName: "preset"))
    var preset: String?

    @Option(
        help: ArgumentHelp(
            say(
                """
                Keys as the help screen names them, with blanks between: \"j j Tab z\"; text:WORD types a word, mouse:X,Y \
                clicks, size:WxH resizes, wait waits for what runs.
                """), valueName: "keys"))
    var keys = ""

    func validate() throws {
        guard (layer == nil) == (head == nil) else {
            throw CommandError.combination(say("--layer and --head say one head together: give both"))
        }
    }

    var keyScript: KeyScript { get throws { try KeyScript(parsing: keys) } }

    /// What is done first, then what `actions` say.
    func script(before actions: String) throws -> ActionScript {
        var steps: [String] = []
        if let preset {
            guard Preset(rawValue: preset) != nil else {
                let names = Preset.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandError.outOfRange(option: "--preset", value: preset, takes: names)
            }
            steps.append("preset \(preset)")
        }
        if let layer, let head { steps.append("head \(layer).\(head)") }
        if let at { steps.append("goto place \(at)") }
        return try ActionScript(parsing: (steps + [actions]).joined(separator: "; "))
    }
}
