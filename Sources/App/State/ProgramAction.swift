/// What the program itself is asked for.
package enum ProgramAction: Hashable, Sendable {
    case help, scrollHelp(Int)
    /// Closes what is open, else cancels what runs, else lets the anchor follow the strongest key again.
    case close
    /// Reads the text that was pasted.
    case readPasted
    case suspend, quit
}

extension ProgramAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("help", "the sheet of all keys", .program(.help)),
        ActionForm("help.scroll", .steps, "lines of the sheet down or up") { .program(.scrollHelp($0)) },
        ActionForm(
            "close", "closes what is open; cancels a run; the anchor follows the strongest key", .program(.close)),
        ActionForm("paste.read", "reads the pasted text in place of the present one", .program(.readPasted)),
        ActionForm("suspend", "gives the terminal back until the program is continued", .program(.suspend)),
        ActionForm("quit", "ends the program", .program(.quit)),
    ]

    var text: String {
        switch self {
        case .help: "help"
        case .scrollHelp(let lines): "help.scroll " + ActionParameter<Int>.steps.write(lines)
        case .close: "close"
        case .readPasted: "paste.read"
        case .suspend: "suspend"
        case .quit: "quit"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .help, .close, .suspend, .quit: return nil
        case .scrollHelp:
            if case .help = state.overlay { return nil }
            return "the help is closed"
        case .readPasted:
            if case .pasted = state.overlay { return nil }
            return "no pasted text waits for an answer"
        }
    }
}

extension AppState {
    mutating func perform(_ action: ProgramAction) -> [Effect] {
        switch action {
        case .help: overlay = .help(top: 0)
        case .scrollHelp(let lines): scrollHelp(lines)
        case .close: return close()
        case .readPasted: return readPasted()
        case .suspend: return [.suspend]
        case .quit: return [.quit]
        }
        return []
    }

    private mutating func close() -> [Effect] {
        switch overlay {
        case .help, .models, .pasted: overlay = nil
        case .menu(let menu): closeMenu(menu)
        case .prompt(let prompt): leave(prompt)
        case nil: return stop()
        }
        return []
    }

    private mutating func stop() -> [Effect] {
        if runs.running != nil {
            runs.isPaused = true
            return [.run(.cancel)]
        }
        if second?.running != nil {
            runs.isPaused = true
            return [.second(.cancel)]
        }
        if losses.running != nil { return cancelLosses() }
        focus.anchor = .strongest(rank: 0)
        return []
    }

    private mutating func scrollHelp(_ lines: Int) {
        guard case .help(let top) = overlay else { return }
        overlay = .help(top: min(max(0, top + lines), HelpOverlay.lastTop(size: size)))
    }
}
