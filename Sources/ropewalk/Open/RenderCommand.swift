import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkExport
import RopewalkPhrases
import RopewalkPictures

/// The screen after some keys, without a terminal.
struct RenderCommand: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, ansi, svg, png, html, cast
    }

    static let configuration = CommandConfiguration(
        commandName: "render", abstract: say("Shows the screen after some keys, without a terminal."))

    @OptionGroup var text: TextOptions

    @Argument(help: .said("More texts, each with its own reading: F12 and Ctrl-O go to them."))
    var others: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var beside: BesideOptions
    @OptionGroup var recording: RecordingOptions
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var cache: CacheOptions

    @OptionGroup var lesson: LessonOptions

    @Option(help: SessionInputs.help)
    var session: String?

    @Option(help: ArgumentHelp(say("Columns x rows."), valueName: "size"))
    var size = "120x40"

    @OptionGroup var start: StartOptions

    @Option(name: .customLong("do"), help: DoOption.help)
    var script = ""

    @Option(
        name: .customLong("format"),
        help: .said(
            """
            text; ansi: with colours as escape sequences; svg, html: a picture that needs no other file; png: the svg as \
            dots; cast: a recording for asciinema, a screen a key, or all steps of a lesson. Default: what the ending of --out \
            says, else text.
            """))
    var givenFormat: Format?

    private var format: Format {
        givenFormat ?? out.flatMap { Format(rawValue: ($0 as NSString).pathExtension.lowercased()) } ?? .text
    }

    @Option(
        help: ArgumentHelp(
            say(
                """
                With --format svg, png or html: one panel as a figure with axes, legend and caption, in place of the screen; \
                for white paper without --theme.
                """), valueName: "panel"))
    var panel: Panel?

    @Option(help: ArgumentHelp(say("Dots of a png a pixel of the svg; 0.25 to 16."), valueName: "scale"))
    var scale = FigureFile.usualScale

    @Option(help: ArgumentHelp(say("The file that is written; default: standard output."), valueName: "file"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            say("How long each screen of a cast stands; those of a lesson as long as they take to read, times this."),
            valueName: "seconds"))
    var pause = 1.0

    @Option(
        help: ArgumentHelp(
            say("Colours: 24bit, 256, 16, 8 or none. Default: 24bit for svg, png and html, else 256."),
            valueName: "colours")
    )
    var colours: String?

    @Option(help: ThemeChoice.help)
    var theme = ThemeChoice.auto

    @OptionGroup var language: LanguageOption

    func run() throws {
        if let lesson = try lesson.source() {
            try OutputFile.check(out, reads: [lesson.path])
        } else if attention.attention != nil {
            try OutputFile.check(out, reads: attention.files)
        } else {
            try OutputFile.check(out, reads: text.files(), model: model)
        }
        let script = try start.keyScript
        let actions = try start.script(before: self.script)
        let depth = try depth()
        var player = try player(KeyScript.size(size), depth)
        player.state.sources.model.value?.sayUnread()
        player.state.second?.model.value?.sayUnread()
        if let step = lesson.index { player.playLesson(step: step) }
        player.play(actions)
        let refusal = player.refusals.first
        // A figure of something else would pass for what was asked for.
        if panel != nil, let refusal { throw CommandError.combination(refusal.text) }
        let picture = try picture(script, &player, depth)
        // The screen says it too, but who asks for files need not read it.
        if let problem = player.state.unwritten.first { throw CommandError.combination(problem) }
        try write(picture)
        if let refusal { throw CommandError.combination(refusal.text) }
        if let damage = player.state.runs.damage { throw CommandError.combination(damage) }
    }

    private func picture(_ script: KeyScript, _ player: inout ScreenPlayer, _ depth: ColourDepth) throws -> [UInt8] {
        if format == .cast { return Array(cast(script, &player, depth).utf8) }
        player.play(script)
        if let panel, let format = FigureFile.Format(rawValue: format.rawValue) {
            let ground = theme.ground ?? .light
            if panel == .text { return try page(&player, ground) }
            return try FigureFile.bytes(player.figure(of: panel, on: ground), ground, format, scale: scale)
        }
        let grid = player.frame()
        switch format {
        case .svg: return Self.shown(GridSVG(GridPage(grid, ground: ground)).text)
        case .png: return try PNGPicture.bytes(VectorPicture(GridPage(grid, ground: ground)), scale: scale)
        case .html: return Self.shown(GridHTML(GridPage(grid, ground: ground)).text)
        case .ansi: return Array(AnsiText.text(grid, depth: depth).utf8)
        case .text, .cast: return Self.shown(PlainText.text(grid))
        }
    }

    /// Nothing of it speaks to a terminal.
    private static func shown(_ text: String) -> [UInt8] { Array(Printable.lines(text).utf8) }

    /// The text is a page that can be pointed at.
    private func page(_ player: inout ScreenPlayer, _ ground: Ground) throws -> [UInt8] {
        let found = try player.page(on: ground)
        return FigureFile.html(found.page, found.figures, ground)
    }

    private func write(_ bytes: [UInt8]) throws {
        if let out { return try ExportFile.write(to: out) { sink throws(ExportError) in try sink.append(bytes) } }
        if format == .png, StandardOutput.isTerminal { throw CommandError.binaryToTerminal(format.rawValue) }
        try StandardOutput.write(bytes)
    }

    func validate() throws {
        guard (0.01...3600).contains(pause) else {
            throw CommandError.outOfRange(option: "--pause", value: "\(pause)", takes: say("0.01 to 3600 seconds"))
        }
        guard panel == nil || FigureFile.Format(rawValue: format.rawValue) != nil else {
            throw CommandError.combination(say("--panel makes a figure: give --format svg, png or html with it"))
        }
        guard panel != .answers else {
            throw CommandError.combination(
                say("--panel answers has no figure: leave --panel out for the screen, or write the table with ask"))
        }
        guard panel != .text || format == .html else {
            throw CommandError.combination(
                say("--panel text is a page that can be pointed at: give --format html with it"))
        }
        guard PNGPicture.scales.contains(scale) else {
            throw CommandError.outOfRange(option: "--scale", value: "\(scale)", takes: say("0.25 to 16"))
        }
    }

    private var ground: Ground { theme.ground ?? .dark }

    /// Of keys; of a lesson all steps, where no step and no keys are asked for.
    private func cast(_ script: KeyScript, _ player: inout ScreenPlayer, _ depth: ColourDepth) -> String {
        if lesson.lesson != nil, lesson.step == nil, script.steps.isEmpty {
            return ScreenRecording.lesson(&player, ground: ground, depth: depth, pause: pause)
        }
        return ScreenRecording.text(of: script, &player, ground: ground, depth: depth, pause: pause)
    }

    /// With text and model, or with those of a lesson.
    private func player(_ size: Size, _ depth: ColourDepth) throws -> ScreenPlayer {
        if let session {
            try SessionInputs.check(text, others, scenario, beside, attention)
            if lesson.lesson != nil {
                throw CommandError.combination(say("--session and --lesson are both given: leave one out"))
            }
            var inputs = try SessionInputs.read(session, model: model, recording: recording.precision)
            inputs.keep(in: try cache.open(settings: nil))
            return try ScreenPlayer(
                state: inputs.state(size: size, depth: depth, ground: ground, theme: theme), inputs: inputs.program)
        }
        guard let source = try lesson.source() else {
            var inputs = try Inputs(
                text: text, others: others, model: model, scenario: scenario, beside: beside,
                recording: recording.precision, attention: attention)
            // Of the settings no picture depends.
            inputs.keep(in: try cache.open(settings: nil))
            return try ScreenPlayer(
                state: inputs.state(size: size, depth: depth, ground: ground, theme: theme), inputs: inputs.program)
        }
        guard text.text == nil, text.ids == nil, others.isEmpty, model.model == nil, scenario.methods.isEmpty,
            attention.attention == nil
        else {
            throw CommandError.combination(say("--lesson names its own text, model and methods: leave them out"))
        }
        let inputs = try LessonInputs(source, threads: model.threads)
        let state = inputs.state(size: size, depth: depth, ground: ground, theme: theme)
        return try ScreenPlayer(state: state, inputs: inputs.program)
    }

    private func depth() throws(CommandError) -> ColourDepth {
        switch colours ?? ([.svg, .png, .html].contains(format) ? "24bit" : "256") {
        case "24bit": .direct
        case "256": .indexed256
        case "16": .ansi16
        case "8": .ansi8
        case "none": .none
        default: throw .outOfRange(option: "--colours", value: colours ?? "", takes: say("24bit, 256, 16, 8 or none"))
        }
    }
}
