import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import RopewalkTerminal

/// The interactive program.
struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: say("Opens a text in the interactive program (the default)."))

    @OptionGroup var text: TextOptions

    @Argument(help: .said("More texts, each with its own reading: F12 and Ctrl-O go to them."))
    var others: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var beside: BesideOptions
    @OptionGroup var recording: RecordingOptions
    @OptionGroup var attention: AttentionOptions
    @OptionGroup var cache: CacheOptions

    @Option(name: .customLong("do"), help: DoOption.help)
    var script = ""

    @OptionGroup var start: StartOptions

    @Option(help: SessionInputs.help)
    var session: String?

    @Option(help: ThemeChoice.help)
    var theme: ThemeChoice?

    @Flag(
        help: ArgumentHelp(
            say(
                "Begins at the beginning of each text, and remembers no place; also \"last-place\": false in the settings."
            )))
    var noLastPlace = false

    /// What is opened: a session, or what the other options say.
    private func inputs() throws -> Inputs {
        guard let session else {
            return try Inputs(
                text: text, others: others, model: model, scenario: scenario, beside: beside,
                recording: recording.precision, attention: attention)
        }
        try SessionInputs.check(text, others, scenario, beside, attention)
        return try SessionInputs.read(session, model: model, recording: recording.precision)
    }

    @OptionGroup var language: LanguageOption

    func run() throws {
        let script = try start.script(before: script)
        let keys = try start.keyScript
        let settings = try Settings.stored()
        var inputs = try inputs()
        inputs.keep(in: try cache.open(settings: settings.cache))
        let isScripted = !script.steps.isEmpty || !keys.steps.isEmpty
        let remembers = settings.lastPlace && !noLastPlace
        // Who says where to begin begins there.
        if remembers, session == nil, !isScripted, text.from == 0 { inputs.goOn(at: LastPlaces()) }
        let isNew =
            session == nil && attention.attention == nil && text.text == nil && text.ids == nil && !isScripted
            && inputs.program.start == nil
        // Commands run on the main thread, the only one that may speak to the terminal.
        let left = try MainActor.assumeIsolated {
            try Self.interact(inputs.program, script, keys) { size, depth in
                var state = inputs.state(size: size, depth: depth, ground: Self.ground)
                state.begin(with: settings.actions, keys: settings.keys)
                if let theme { state.appearance.theme = theme }
                if isNew { state.offerTour() }
                return state
            }
        }
        if remembers { LastPlaces.remember(left) }
    }

    /// Shows the program on the terminal until it is left; what it speaks then is kept.
    /// - Returns: where texts were left
    @discardableResult
    @MainActor static func interact(
        _ inputs: ProgramInputs, _ script: ActionScript, _ keys: KeyScript = .empty,
        state: (Size, ColourDepth) -> AppState
    ) throws -> [(file: String, place: SavedPlace)] {
        let before = Language.current
        let app = try show(inputs, script, keys, state: state)
        let after = app.state.appearance.language
        if after != before { try Settings.keep(after) }
        return app.leftPlaces
    }

    @MainActor private static func show(
        _ inputs: ProgramInputs, _ script: ActionScript, _ keys: KeyScript, state: (Size, ColourDepth) -> AppState
    ) throws -> AppLoop {
        let screen = try TerminalScreen()
        defer { screen.close() }
        let wake = screen.wakeHandle
        var app = AppLoop(
            state: state(screen.size, screen.depth), inputs: inputs, script: script, keys: keys,
            wake: { wake.wake() })
        defer { app.stop() }
        screen.show(app.frame())
        while screen.isConnected {
            let events = screen.events(timeout: app.isUnsettled ? 0 : nil)
            let news = app.drainMessages()
            if Self.serve(news.request, screen, &app) { return app }
            var isChanged = news.isChanged
            if events.isEmpty, !isChanged { isChanged = app.settle() }
            for event in events {
                isChanged = true
                if Self.serve(app.handle(event), screen, &app) { return app }
            }
            if isChanged { screen.show(app.frame()) }
        }
        return app
    }

    /// What the environment says of the terminal's background, until the terminal itself does.
    static var ground: Ground {
        ProcessInfo.processInfo.environment["COLORFGBG"].flatMap { Ground(colorFGBG: $0) } ?? .dark
    }

    /// Does what the terminal is asked for; whether the program ends.
    @MainActor private static func serve(
        _ request: AppLoop.Request?, _ screen: TerminalScreen, _ app: inout AppLoop
    ) -> Bool {
        switch request {
        case .quit: return true
        case .suspend: screen.suspend()
        case .copy(let text): screen.copy(text)
        case .edit(let path, let line):
            let editor = Editor()
            let end = screen.lend(to: editor.words(path: path, line: line))
            app.handle(.resize(screen.size))
            app.editorEnded(editor.problem(end))
        case nil: break
        }
        return false
    }
}
