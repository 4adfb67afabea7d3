import RopewalkPhrases

/// What the program itself is asked for.
package enum ProgramAction: Hashable, Sendable {
    case help, scrollHelp(Int)
    /// Closes what lies uppermost: a notice, what is open, the a selection, the marks of a search, an anchor that stays. Never ends work.
    case close
    /// Reads the text that was pasted.
    case readPasted
    /// Ends the run, or else the measurement, that goes on; what they have come to stays.
    case stop
    /// Back to what was seen before the last change of methods, place, head, panels, colours; and forward again.
    case undo, redo
    /// Says how long the screen took.
    case timings
    /// Says where keys, theme and language are set for every start.
    case settings
    case suspend, quit
}

extension ProgramAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("help", "the sheet of all keys", .program(.help)),
        ActionForm("help.scroll", .steps, "lines of the sheet down or up") { .program(.scrollHelp($0)) },
        ActionForm(
            "close", "closes what is uppermost: notice, what is open, selection, marks of a search, fixed anchor",
            .program(.close)),
        ActionForm("paste.read", "reads the pasted text in place of the present one", .program(.readPasted)),
        ActionForm("run.stop", "stops the run, or else the measurement; what is there stays", .program(.stop)),
        ActionForm("undo", "back to what was seen before: methods, place, head, panels, colours", .program(.undo)),
        ActionForm("redo", "forward again to what was undone", .program(.redo)),
        ActionForm("timings", "how long the last frame took", .program(.timings)),
        ActionForm("settings", "where keys, theme, language ... are set for every start", .program(.settings)),
        ActionForm("suspend", "gives the terminal back until the program is continued", .program(.suspend)),
        ActionForm("quit", "ends the program", .program(.quit)),
    ]

    var text: String {
        switch self {
        case .help: "help"
        case .scrollHelp(let lines): "help.scroll " + ActionParameter<Int>.steps.write(lines)
        case .close: "close"
        case .readPasted: "paste.read"
        case .stop: "run.stop"
        case .undo: "undo"
        case .redo: "redo"
        case .timings: "timings"
        case .settings: "settings"
        case .suspend: "suspend"
        case .quit: "quit"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .help, .close, .settings, .suspend, .quit: return nil
        case .undo: return state.historyObstacle(back: true)
        case .redo: return state.historyObstacle(back: false)
        case .timings: return state.timings == nil ? say("no frame was drawn on a terminal yet") : nil
        case .stop: return state.isWorking ? nil : say("nothing runs that could be stopped")
        case .scrollHelp:
            if case .help = state.overlay { return nil }
            return say("the help is closed")
        case .readPasted:
            if case .pasted = state.overlay { return nil }
            return say("no pasted text waits for an answer")
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
        case .stop: return stop()
        case .undo: goThroughHistory(back: true)
        case .redo: goThroughHistory(back: false)
        case .timings:
            notice = Notice(.information, timings?.text ?? say("no frame was drawn on a terminal yet"))
        case .settings:
            notice = Notice(
                .information,
                say(
                    """
                    Every start takes what $XDG_CONFIG_HOME/ropewalk/settings.json says (else ~/.config/ropewalk/settings.json): \
                    {"theme": "light", "lang": "zh", "keys": {"Ctrl-G": "head 3.7"}}: a key and the action that it does, by the \
                    names in the list of actions.
                    """))
        case .suspend: return [.suspend]
        case .quit: return keepsUnsavedNotes() ? [] : [.quit]
        }
        return []
    }

    private mutating func close() -> [Effect] {
        switch overlay {
        case .changes, .finder, .help, .models, .parts, .pasted, .places, .sessions: overlay = nil
        case .menu(let menu): closeMenu(menu)
        case .prompt(let prompt): leave(prompt)
        case nil:
            if window.gaze != nil { lookBack() } else { closeMarks() }
        }
        return []
    }

    /// Selected tokens, marked hits, a second text, an anchor that stays: one after the other.
    private mutating func closeMarks() {
        if selection != nil {
            spans = Spans(keys: spans.keys)
        } else if window.showsHits {
            window.showsHits = false
        } else if pin != nil {
            keepText()
        } else {
            spans = Spans()
            focus.anchor = .strongest(rank: 0)
        }
    }

    /// Whether something goes on that a key can stop.
    fileprivate var isWorking: Bool {
        generation.running != nil || runs.running != nil || runs.entering != nil || second?.running != nil
            || isMeasuring || passages.asked != nil
    }

    private mutating func stop() -> [Effect] {
        guard isWorking else {
            refuse(say("nothing runs that could be stopped"))
            return []
        }
        if generation.running != nil { return [.run(.cancel)] }
        if runs.entering != nil {
            runs.entering = nil
            notice = Notice(.information, say("the other part is not read: what is there stays"))
            return [.run(.cancel)]
        }
        if runs.running != nil {
            runs.isPaused = true
            return [.run(.cancel)]
        }
        if second?.running != nil {
            runs.isPaused = true
            return [.second(.cancel)]
        }
        notice = Notice(.information, say("the measurement was stopped: \(keyName(of: .losses(.measure))) measures on"))
        return cancelLosses()
    }

    private mutating func scrollHelp(_ lines: Int) {
        guard case .help(let top) = overlay else { return }
        overlay = .help(
            top: min(max(0, top + lines), HelpOverlay.lastTop(size: size, focused: panels.focused, bindings: bindings)))
    }
}
