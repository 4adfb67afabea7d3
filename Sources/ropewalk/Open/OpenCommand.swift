import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkMethods
import RopewalkTerminal

/// The interactive program.
struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Opens a text in the interactive program (the default).")

    @OptionGroup var text: TextOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var beside: BesideOptions

    @Option(name: .customLong("do"), help: DoOption.help)
    var script = ""

    func run() throws {
        let script = try ActionScript(parsing: script)
        let inputs = try Inputs(text: text, model: model, scenario: scenario, beside: beside)
        // Commands run on the main thread, the only one that may speak to the terminal.
        try MainActor.assumeIsolated { try interact(inputs, script) }
    }

    @MainActor private func interact(_ inputs: Inputs, _ script: ActionScript) throws {
        let screen = try TerminalScreen()
        defer { screen.close() }
        let wake = screen.wakeHandle
        var app = AppLoop(
            state: inputs.state(size: screen.size, depth: screen.depth), inputs: inputs.program,
            script: script, wake: { wake.wake() })
        defer { app.stop() }
        screen.show(app.frame())
        while screen.isConnected {
            let events = screen.events(timeout: app.isUnsettled ? 0 : nil)
            let news = app.drainMessages()
            if news.request == .quit { return }
            if news.request == .suspend { screen.suspend() }
            var isChanged = news.isChanged
            if events.isEmpty, !isChanged { isChanged = app.settle() }
            for event in events {
                isChanged = true
                switch app.handle(event) {
                case .quit: return
                case .suspend: screen.suspend()
                case nil: break
                }
            }
            if isChanged { screen.show(app.frame()) }
        }
    }
}
